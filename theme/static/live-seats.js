/* The list's clock and the runs in which nobody can get a place any more, once the service has told them. */
import { clock, told } from "./clock.js";

const words = document.querySelector("[data-list-words]");
const PATIENCE = 2000; // milliseconds for which the list waits for the service

/* A sample network out of season lives on its show day, as commands/clock.py has it. */
const sampleShift = () => {
  const day = words.dataset.sample;
  const [from, to] = words.dataset.year.split(" ");
  const today = new Date().toISOString().slice(0, 10);
  return day && (today < from || today > to) ? Date.parse(day) - Date.parse(today) : 0;
};

const shift = sampleShift();
let counted = null; // the answer from which `live.full` was made

/* Join what is told with the runs of the columns: a line of the file at `address` for each course, its id, then its runs with their seats. */
const count = async (address, { first, window }) => {
  const answer = await Promise.race([told(), new Promise((done) => setTimeout(done, PATIENCE, null))]);
  if (answer === counted) return;
  const file = answer && Object.keys(answer.seats).length ? await fetch(address).catch(() => null) : null;
  counted = answer;
  live.full = file?.ok ? fullOf(answer.seats, await file.text(), first, window.length) : null;
};

const fullOf = (seats, lines, first, size) => {
  const full = new Uint8Array(size);
  lines.trimEnd().split("\n").forEach((line, n) => {
    const [id, ...runs] = line.split(" ");
    const its = seats[id];
    if (its) runs.forEach((run, place) => (full[first[n] + place] = isFull(run.split(":"), its)));
  });
  return full;
};

const isFull = ([id, seats], its) => {
  const run = its[id];
  return run && (run.state === "cancelled" || run.state === "lapsed" || (seats && run.taken >= Number(seats))) ? 1 : 0;
};

/* `full`: by run; null when that is not known. `now`: minutes since 1970, by the browser's own clock until the service has told. */
export const live = { count, full: null, now: () => Math.floor((clock() ?? Date.now() + shift) / 60000) };
