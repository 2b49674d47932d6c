/* Where a run stands, as course_catalogue/offering.py has it. Moments are minutes since 1970. */

/* A window of tray_site/files/list_data.py with names. `begun` is 0 for a run in one's own pace. */
export const windowOf = ([first, last, opens, closes, begun, ends, cancelled, dates, opensDay, closesDay]) => ({
  first,
  last,
  opens,
  closes,
  begun,
  ends,
  cancelled: Boolean(cancelled),
  month: begun ? first.slice(0, 7) : "nonstop",
  said: { dates, opens: opensDay, closes: closesDay },
});

export const stateOf = (run, now) => {
  if (run.cancelled) return "cancelled";
  if (now >= run.ends) return "ended";
  if (now < run.opens) return "not_open";
  return now < run.closes ? "open" : "closed";
};

/* Whether the filters look at a run. */
export const isToCome = (run, state, now) => state === "open" || state === "not_open" || (state === "closed" && now < run.begun);

const byTime = (a, b) => (a.begun === 0) - (b.begun === 0) || (a.last < b.last ? -1 : a.last > b.last ? 1 : 0);

/* The places of runs in order of time, own pace last. Equal ones stay as they are, in the order of their names. */
export const inOrder = (runs) => runs.map((_, place) => place).sort((a, b) => byTime(runs[a], runs[b]) || a - b);

const least = (places, ...keys) =>
  places.reduce((best, place) => {
    const key = keys.find((one) => one(place) !== one(best));
    return key && key(place) < key(best) ? place : best;
  });

/* The place of the run that a row tells about: the open one that closes first, else the next to open, else the last that was open. */
export const toldOf = (runs, states) => {
  const open = runs.map((_, place) => place).filter((place) => states[place] === "open");
  if (open.length) return least(open, (one) => Number(runs[one].begun === 0), (one) => runs[one].closes);
  const places = inOrder(runs);
  const coming = places.filter((place) => states[place] === "not_open");
  if (coming.length) return least(coming, (one) => runs[one].opens);
  return least(places, (one) => -(states[one] === "closed"), (one) => -(states[one] !== "cancelled"), (one) => -runs[one].closes);
};
