/* Draws rows of the list: the same as theme/templates/course_row.html prints, right at this minute. Rows come in blocks, each loaded once. */
import { inOrder, stateOf, toldOf, windowOf } from "./runs.js";

const BLOCK = 64;
const DEADLINES = { open: ["by-open", "closes"], not_open: ["by-not_open", "opens"], closed: ["by-closed", "closes"], ended: ["by-closed", "closes"] };

const template = document.querySelector("[data-row]");
const words = document.querySelector("[data-row-words]");
const say = (name) => words.content.querySelector(`[data-word="${name}"]`).textContent;
const number = new Intl.NumberFormat(document.documentElement.lang);

/* ---- blocks ---- */

const blocks = new Map();

const blockOf = (place, address) => {
  if (!blocks.has(place)) {
    const loading = fetch(`${address}${place}.json`)
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .then(({ windows, rows }) => ({ windows: windows.map(windowOf), rows }));
    loading.catch(() => blocks.delete(place)); // it may be asked for again
    blocks.set(place, loading);
  }
  return blocks.get(place);
};

/* ---- a row ---- */

const upperFirst = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
const datesOf = (run) => run.said.dates || say("pace");

const seatsOf = ([, runId, seats], run) => {
  const strong = document.createElement("strong");
  const live = document.createElement("span");
  live.dataset.seats = ["-", runId, seats ?? 0, run.begun ? run.first : "never"].join(" ");
  live.textContent = seats === null ? say("seats") : say(seats === 1 ? "seats1" : "seatss").replace("{n}", number.format(seats));
  strong.append(live);
  return strong;
};

/* The element of a row of a block, as it is at `now`. */
const drawn = ([id, codes, title, lang, school, schoolId, mode, size, runs], windows, now) => {
  const row = template.content.firstElementChild.cloneNode(true);
  const part = (name) => row.querySelector(`.course-row__${name}`);
  const its = runs.map(([place]) => windows[place]);
  const states = its.map((one) => stateOf(one, now));
  const told = toldOf(its, states);
  const state = states[told];
  const link = part("link");
  Object.assign(row.dataset, { school: schoolId, price: runs[told].slice(3).join(" ") });
  part("code").textContent = codes;
  link.href = `${template.dataset.courses.replace(/\.html$/, "")}${id}.html`;
  if (lang) link.lang = lang;
  link.textContent = title;
  part("school").textContent = school;
  part("mode").textContent = say(mode);
  part("phone").textContent = `${school} · ${say(mode)} · `;
  part("phone").nextElementSibling.textContent = size;
  part("time").firstElementChild.textContent = upperFirst(datesOf(its[told]));
  const [deadline, day] = (state !== "open" || its[told].begun ? DEADLINES[state] : null) || [];
  if (deadline) part("by").append(say(deadline).replace("{day}", its[told].said[day]));
  else part("by").remove();
  const also = inOrder(its).filter((place) => place !== told && ["open", "not_open"].includes(states[place]));
  if (also.length) part("also").append(`${say("also")} ${also.map((place) => datesOf(its[place])).join(", ")}`);
  else part("also").remove();
  const seats = part("seats");
  if (state === "open") seats.append(seatsOf(runs[told], its[told]));
  else seats.append(say(state === "ended" ? "closed" : state));
  seats.classList.toggle("course-row__seats--no", state !== "open");
  return row;
};

/* The elements of the rows with these numbers, in this order. `address` is where the blocks are. Rejects when one cannot be loaded. */
export const draw = async (numbers, address, now) => {
  const places = [...new Set(numbers.map((n) => Math.floor(n / BLOCK)))];
  const found = new Map(await Promise.all(places.map(async (place) => [place, await blockOf(place, address)])));
  return numbers.map((n) => {
    const { rows, windows } = found.get(Math.floor(n / BLOCK));
    return drawn(rows[n % BLOCK], windows, now);
  });
};

/* ---- marks ---- */

/* Mark these parts of a row's title: pairs of places in its text. */
export const mark = (row, ranges) => {
  const link = row.querySelector(".course-row__link");
  const title = link.textContent;
  if (!ranges.length && !link.firstElementChild) return;
  let end = 0;
  const parts = ranges.flatMap(([from, to]) => {
    const before = title.slice(end, from);
    end = to;
    return [before, Object.assign(document.createElement("mark"), { textContent: title.slice(from, to) })];
  });
  link.replaceChildren(...parts, title.slice(end));
};

/* Say what a school pays on a row, or nothing. Hidden where the price of the reader's own school is shown. */
export const price = (row, text) => {
  row.querySelector("[data-list-price]")?.remove();
  if (!text) return;
  const place = Object.assign(document.createElement("span"), { className: "course-row__price" });
  place.dataset.listPrice = "";
  place.append(Object.assign(document.createElement("span"), { className: "course-row__dot" }), text);
  (row.querySelector(".course-row__by") || row.querySelector(".course-row__time").firstElementChild).after(place);
};
