/* How runs stand and what the network's clock shows, as the service tells them: one answer for all scripts of a page, asked for again
   once it is old. The answer is the clock: a sample network has a day of its own, and the reader's clock may be wrong. */

const { from } = document.querySelector("[data-seat-words]").dataset;
const OLD = 600000; // milliseconds after which an answer is too old to be shown

let last = { came: -Infinity, answer: null };
let asking = null;
let ahead = null;

const ask = async () => {
  const found = await fetch(from, { cache: "no-cache" }); // an answer that was kept somewhere is an old clock
  const { at, seats } = found.ok ? await found.json() : {};
  const clock = Date.parse(at);
  if (Number.isNaN(clock)) return null;
  ahead = clock - Date.now();
  return { seats };
};

/* Milliseconds until the last answer is too old. By the reader's clock: timers sleep while the computer does. */
export const left = () => Math.max(0, last.came + OLD - Date.now());

/* `{ seats }`, the same object as long as it is not old; null when there is no answer. */
export const told = () => {
  if (left()) return Promise.resolve(last.answer);
  asking ??= ask()
    .catch(() => null)
    .then((answer) => {
      last = { came: Date.now(), answer };
      asking = null;
      return answer;
    });
  return asking;
};

/* The network's clock in milliseconds; null until the service has told it. */
export const clock = () => (ahead === null ? null : Date.now() + ahead);
