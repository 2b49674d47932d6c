/* How the dates of a run lie in the periods of the reader's school. Days are texts like 2026-11-30, both ends included. */

const DAY = 86400000;
const SLIGHT = 7; // so many common days or fewer are no more than an edge, when the run has more in another period
const NEAR = 10; // so many days from the beginning of a period are told as a number

const time = (day) => Date.parse(`${day}T00:00:00Z`);
const between = (from, to) => Math.round((time(to) - time(from)) / DAY);
const common = (run, period) => between(run.from > period.from ? run.from : period.from, run.to < period.to ? run.to : period.to) + 1;

/* The periods in which the run is held, without those that it only touches. */
export const periodsOf = (run, periods) => {
  const touched = periods.filter((period) => common(run, period) > 0);
  const most = Math.max(0, ...touched.map((period) => common(run, period)));
  return touched.filter((period) => common(run, period) > SLIGHT || common(run, period) === most);
};

/* What there is to tell, as names of sentences and their facts; nothing for a run without dates or a school without periods. */
export const runInPeriods = (run, periods) => {
  if (!run.from || !periods.length) return [];
  const held = periodsOf(run, periods);
  if (!held.length) return [{ name: "in-no-period" }];
  const [first, last] = [held[0], held.at(-1)];
  const late = between(first.from, run.from);
  const over = between(last.to, run.to);
  const told = [{ name: "in-periods", periods: held.map((one) => one.label) }];
  if (late === 0) told.push({ name: "starts-with", period: first.label });
  else if (Math.abs(late) > NEAR && late > 0) told.push({ name: "starts-amid", period: first.label });
  else told.push({ name: late > 0 ? "starts-later" : "starts-earlier", n: Math.abs(late), period: first.label });
  if (over > 0) told.push({ name: "ends-later", n: over, period: last.label });
  return told;
};

/* The periods alone, in a sentence. */
export const periodsText = (run, school, book) => {
  const [first] = runInPeriods(run, school.periods);
  return first ? book.say(first.name, { periods: first.periods && book.listed(first.periods) }) : "";
};

/* All there is to tell, in sentences. */
export const periodText = (run, school, book) =>
  runInPeriods(run, school.periods)
    .map(({ name, periods, ...facts }) => book.say(name, { ...facts, periods: periods && book.listed(periods) }))
    .join(" ");
