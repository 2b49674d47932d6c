/* Tells how runs stand now. The page's own words hold without it, and when the numbers are ten minutes old. */
import { clock, left, told } from "./clock.js";

const words = document.querySelector("[data-seat-words]");
const courseOf = (row) => row.querySelector("a").getAttribute("href").match(/\/courses\/(.+)\.html$/)[1];
const find = () => [...document.querySelectorAll("[data-seats], [data-run]")];
const word = (name) => words.content.querySelector(`[data-word=${name}]`);
const said = (name, n) => ((n === 1 && word(name + 1)) || word(name)).textContent.replace("{n}", n);
const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

const seats = ({ taken, queued, state, late }, all) => {
  if (state && word(`no-${state}`)) return said(`no-${state}`);
  const room = Math.max(0, all - taken);
  if (!all) return "";
  return said(room ? "left" : late ? "over" : "full", room) + (queued && !late ? said("waiting", queued) : "");
};
const run = ({ state, to_go: missing }) => (state ? said(state) : missing >= 0 ? said(missing ? "missing" : "enough", missing) : "");

/* Show the numbers; the way back. */
const show = (numbers, at) => {
  const places = find();
  const before = places.map((place) => [place, place.textContent, place.hidden]);
  const moment = document.querySelector("[data-seats-at]");
  const [day, hour, minute] = new Date(at).toLocaleString("sv", { timeZone: words.dataset.zone }).split(/[ :]/);
  for (const place of places) {
    const [course, id, all, starts] = (place.dataset.seats || place.dataset.run).split(" ");
    const now = numbers[course === "-" ? courseOf(place.closest(".course-row")) : course]?.[id] || { taken: 0, queued: 0 };
    now.late ||= starts <= day;
    const text = place.dataset.run ? run(now) : seats(now, Number(all));
    place.textContent = text || place.textContent;
    place.hidden &&= !text;
    place.classList.toggle("seats--full", now.taken >= all);
  }
  if (moment) Object.assign(moment, { textContent: moment.dataset.seatsAt.replace("{h}", Number(hour)).replace("{m}", minute), hidden: false });
  tell("runs", numbers);
  return () => {
    before.forEach(([place, text, hidden]) => Object.assign(place, { textContent: text, hidden }).classList.remove("seats--full"));
    if (moment) moment.hidden = true;
    tell("runs");
  };
};

let shown = null; // the answer that stands in the page
let at = 0; // the network's clock when it came
let undo = () => {};
let timer;

const takeBack = () => {
  undo();
  undo = () => {};
};

const update = async () => {
  if (!find().length) return;
  if (!left()) takeBack();
  const answer = await told();
  takeBack();
  if (!answer) return;
  const fresh = answer !== shown;
  if (fresh) at = clock();
  shown = answer;
  undo = show(answer.seats, at);
  clearTimeout(timer);
  timer = setTimeout(takeBack, left());
  if (fresh) tell("clock", at);
};

/* Timers sleep with the computer, and a page that one comes back to may be an old one. */
const wake = () => document.hidden || left() || update();

document.addEventListener("tarjotin:rows", update); // rows that have been drawn since
document.addEventListener("visibilitychange", wake);
addEventListener("pageshow", wake);
update();
