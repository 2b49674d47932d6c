/* Which of the chosen courses are held at the same time. Days are texts like 2026-11-30, both ends included. */

const DAY = 86400000;
const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY) + 1;

/* The days that two runs have in common, or null; a run without dates clashes with nothing. */
export const common = (a, b) => {
  if (!a.from || !b.from) return null;
  const from = a.from > b.from ? a.from : b.from;
  const to = a.to < b.to ? a.to : b.to;
  return from <= to ? { from, to } : null;
};

/* The runs among which a reader can choose: those on which one can still enrol, else those that are held, the page's own first. */
export const choices = (course) => {
  const held = course.runs.filter(({ state }) => state !== "cancelled");
  const ahead = held.filter(({ state }) => state === "open" || state === "not_open");
  const runs = ahead.length ? ahead : held.length ? held : course.runs;
  return [...runs].sort((a, b) => (b.id === course.shown) - (a.id === course.shown));
};

/* Of each course the run that counts: the one that the reader has chosen, as `chosen` maps courses to runs, as long as it is a choice;
   otherwise the one with which the courses have the fewest common days. Each of those courses in turn takes its best run until none can
   do better, so the result is good and the same every time. */
export const runsThatCount = (courses, chosen) => {
  const options = courses.map((course) => {
    const all = choices(course);
    const own = all.filter(({ id }) => id === chosen.get(course.id));
    return own.length ? own : all;
  });
  const picked = options.map(([first]) => first);
  const cost = (run, i) => picked.reduce((sum, other, j) => {
    const both = j === i ? null : common(run, other);
    return sum + (both ? days(both.from, both.to) : 0);
  }, 0);
  for (let better = true, turn = 0; better && turn < 8; turn += 1) {
    better = false;
    options.forEach((runs, i) => {
      const best = runs.reduce((so, run) => (cost(run, i) < cost(so, i) ? run : so), picked[i]);
      if (best === picked[i]) return;
      picked[i] = best;
      better = true;
    });
  }
  return picked;
};

/* The pairs of courses held at the same time, by their places in the list, with their common days. */
export const clashes = (picked) =>
  picked.flatMap((a, i) => picked.slice(i + 1).map((b, k) => ({ a: i, b: i + 1 + k, ...common(a, b) })).filter(({ from }) => from));

/* The days on which enrolment closes for more than one course: `[{ day, places }]`, in order. */
export const sameDays = (picked) =>
  [...grouped(picked)].filter(([, places]) => places.length > 1).map(([day, places]) => ({ day, places })).sort((x, y) => (x.day < y.day ? -1 : 1));

const grouped = (picked) => {
  const found = new Map();
  picked.forEach(({ closes }, i) => found.set(closes, [...(found.get(closes) || []), i]));
  return found;
};
