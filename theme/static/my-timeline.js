/* A picture of the chosen runs in time: a row for each course, its bar hatched where another course is held too. The sentences beside it
   say the same, so it is silent to screen readers. Widths are percent, so that text keeps its size. */
import { made, courseName } from "./my-page.js";

const DAY = 86400000;
const NAMES = "http://www.w3.org/2000/svg";
const time = (day) => Date.parse(`${day}T00:00:00Z`);

const drawn = (tag, attributes, ...children) => {
  const element = document.createElementNS(NAMES, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/* The first days of the months in which something is held, and the day after the last one. */
const monthsOf = (first, last) => {
  const found = [];
  const day = new Date(first);
  day.setUTCDate(1);
  while (day.getTime() <= last) {
    found.push(day.getTime());
    day.setUTCMonth(day.getUTCMonth() + 1);
  }
  return { months: found, start: found[0], end: day.getTime() };
};

const hatch = () => {
  const lines = drawn("path", { d: "M0 6 6 0", stroke: "var(--paper)", "stroke-width": 2 });
  return drawn("defs", {}, drawn("pattern", { id: "both", width: 6, height: 6, patternUnits: "userSpaceOnUse" }, drawn("rect", { width: 6, height: 6, fill: "var(--act)" }), lines));
};

/* The figure; null when fewer than two runs have dates. `pairs` are those of clashes(). */
export const timeline = (courses, picked, pairs, book) => {
  const dated = picked.flatMap((run, i) => (run.from ? [i] : []));
  if (dated.length < 2) return null;
  const { months, start, end } = monthsOf(Math.min(...dated.map((i) => time(picked[i].from))), Math.max(...dated.map((i) => time(picked[i].to))));
  const at = (moment) => `${(((moment - start) / (end - start)) * 100).toFixed(2)}%`;
  const bar = (from, to, fill) => drawn("rect", { x: at(time(from)), width: `${(((time(to) + DAY - time(from)) / (end - start)) * 100).toFixed(2)}%`, y: 3, height: 12, fill });
  const grid = () => months.map((month) => drawn("line", { x1: at(month), x2: at(month), y1: 0, y2: 18, stroke: "var(--line)" }));
  const name = new Intl.DateTimeFormat(book.lang, { month: months.length > 7 ? "narrow" : "short", timeZone: "UTC" });
  const labels = months.map((month) => drawn("text", { x: at(month), y: 13, fill: "currentColor" }, name.format(month)));
  const rows = dated.map((i) => {
    const both = pairs.filter(({ a, b }) => a === i || b === i).map(({ from, to }) => bar(from, to, "url(#both)"));
    const picture = drawn("svg", { class: "timeline__track", height: 18 }, ...grid(), bar(picked[i].from, picked[i].to, "var(--act)"), ...both);
    return made("div", { className: "timeline__row" }, made("span", { className: "timeline__name", textContent: courseName(courses[i]) }), picture);
  });
  const head = made("div", { className: "timeline__row" }, made("span"), drawn("svg", { class: "timeline__track timeline__months", height: 18 }, hatch(), ...labels));
  const figure = made("div", { className: "timeline" }, head, ...rows);
  figure.setAttribute("aria-hidden", "true");
  return figure;
};
