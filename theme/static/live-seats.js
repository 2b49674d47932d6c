/* The service's clock and the runs in which nobody can get a place any more, once it has told them. Without it the browser's own clock. */

const words = document.querySelector("[data-list-words]");
const FRESH = 600000; // milliseconds after which an answer is too old to be told

/* A sample network out of season lives on its show day, as commands/clock.py has it. */
const sampleShift = () => {
  const [day, from, to] = (words.dataset.sample || "").split(" ");
  const today = new Date().toISOString().slice(0, 10);
  return day && (today < from || today > to) ? Date.parse(day) - Date.parse(today) : 0;
};

let shift = sampleShift();
let told = null;
let loading = null;

const load = (address) => {
  loading ||= fetch(address, { signal: AbortSignal.timeout(2000) })
    .then(async (answer) => {
      const made = Date.parse(answer.headers.get("date"));
      if (!answer.ok || Date.now() - made > FRESH) return;
      const { at, seats } = await answer.json();
      shift = Date.parse(at) - made;
      told = seats;
    })
    .catch(() => {});
  return loading;
};

/* Join what was told with the runs of the columns: a line of `places` for each course, its id, then its runs with their seats. */
const count = async (address, { first, window }) => {
  if (!told || live.full || !Object.keys(told).length) return;
  const answer = await fetch(address);
  if (!answer.ok) return;
  const full = new Uint8Array(window.length);
  (await answer.text()).trimEnd().split("\n").forEach((line, n) => {
    const [id, ...runs] = line.split(" ");
    const its = told[id];
    if (its) runs.forEach((run, place) => (full[first[n] + place] = isFull(run.split(":"), its)));
  });
  live.full = full;
};

const isFull = ([id, seats], its) => {
  const run = its[id];
  return run && (run.state === "cancelled" || run.state === "lapsed" || (seats && run.taken >= Number(seats))) ? 1 : 0;
};

export const live = { load, count, full: null, now: () => Math.floor((Date.now() + shift) / 60000) };
