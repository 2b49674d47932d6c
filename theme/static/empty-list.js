/* An empty list: what was asked, words close to it, neighbouring courses, and only the ways out that lead somewhere. */
import { filtered, nothing } from "./address.js";

const words = document.querySelector("[data-list-words]");
const find = (mark) => document.querySelector(`[data-${mark}]`);
const say = (name) => words.content.querySelector(`[data-word="${name}"]`).textContent;
const number = new Intl.NumberFormat(document.documentElement.lang);
const counted = (n) => say(n === 1 ? "course" : "courses").replace("{n}", number.format(n));
const MOST = 5; // links

const CODE = /(\p{L}{1,5})[ -]?[0-9]/u; // how a module's code begins
const MOST_WORDS = 6; // of a text that is asked again without one of them
const BARE = { Ä: "A", Ö: "O", Å: "A" }; // a subject's id has no accents

/* What else could have been meant: the nearest texts, the text without one of its words, the subject of a code in it. As
   course_catalogue/neighbour.py has it. With the text of each link. */
export const neighbours = (asked, nearest, subjects) => {
  const parts = asked.q.split(" ");
  const fewer = parts.length > 1 && parts.length <= MOST_WORDS ? parts.map((_, at) => parts.filter((__, other) => other !== at).join(" ")) : [];
  const found = [...new Set([...nearest, ...fewer])].map((text) => [text, { ...asked, q: text }]);
  const subject = (CODE.exec(asked.q)?.[1] || "").toUpperCase().replace(/[ÄÖÅ]/g, (letter) => BARE[letter]);
  if (subjects.has(subject) && !asked.subject.includes(subject)) found.push([subjects.get(subject), { ...asked, q: "", subject: [...asked.subject, subject] }]);
  return found;
};

/* The names of the subjects, from their boxes. */
const subjectNames = () =>
  new Map([...document.querySelectorAll('.facet__box[name="subject"]')].map((box) => [box.value, box.nextElementSibling.textContent]));

const link = (text, n, go) => {
  const item = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: text });
  button.addEventListener("click", go);
  item.append(button, ` – ${counted(n)}`);
  return item;
};

const wayOut = (name, n, go) => {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--secondary" });
  button.textContent = `${say(name)} – ${counted(n)}`;
  button.addEventListener("click", go);
  return button;
};

const found = async (choices, count) => {
  const counts = await Promise.all(choices.map(([, asked]) => count(asked)));
  return choices.map(([name, asked], at) => [name, asked, counts[at]]).filter(([, , n]) => n);
};

/* `nearest`: texts close to the one asked; `count` tells how many courses something else would show, `ask` asks it. */
export const showEmpty = async (asked, shown, nearest, count, ask) => {
  find("empty").hidden = shown > 0;
  if (shown) return;
  const isFiltered = filtered(asked);
  const everything = { ...nothing(), buyer: asked.buyer, order: asked.order };
  find("empty-text").textContent = [asked.q && say("searched").replace("{text}", () => asked.q), isFiltered && say("filtered")].filter(Boolean).join(" ");
  const near = await found(neighbours(asked, nearest, subjectNames()), count);
  find("near").hidden = !near.length;
  find("near-links").replaceChildren(...near.slice(0, MOST).map(([text, next, n]) => link(text, n, () => ask(next))));
  const ways = [];
  if (asked.q && isFiltered) ways.push(["clear-search", { ...asked, q: "" }], ["clear-filters", { ...everything, q: asked.q }]);
  let open = await found(ways, count);
  if (!open.length) open = await found([[asked.q && isFiltered ? "clear-all" : asked.q ? "clear-search" : "clear-filters", everything]], count);
  find("ways-out").replaceChildren(...open.map(([name, next, n]) => wayOut(name, n, () => ask(next))));
};
