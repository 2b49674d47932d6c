/* The rows of a list that stands whole in the page: hidden, shown and put in order. */
import { orderedBy } from "./address.js";

const number = new Intl.NumberFormat(document.documentElement.lang);

/* The rows of `list`, by the number of their course: they stand in that order in the page. */
export const pageRows = (list) => {
  let rows = [...list.querySelectorAll(".course-row")];
  const placeOf = new Map(rows.map((row, n) => [row, n]));
  const groups = [...list.querySelectorAll("[data-group]")].map((element) => ({
    element,
    count: element.querySelector("[data-group-count]"),
    rows: element.querySelector("ul"),
    numbers: [...element.querySelectorAll(".course-row")].map((row) => placeOf.get(row)),
  }));
  const flat = Object.assign(document.createElement("ul"), { className: "course-group__rows", hidden: true });
  list.append(flat);

  const bySubject = (numbers) => {
    const shown = new Set(numbers);
    for (const { element, count, rows: place, numbers: its } of groups) {
      const here = its.filter((n) => shown.has(n));
      if (place.children.length !== its.length) place.append(...its.map((n) => rows[n]));
      element.hidden = !here.length;
      count.textContent = number.format(here.length);
    }
    rows.forEach((row, n) => (row.hidden = !shown.has(n)));
  };

  const inOneList = (numbers) => {
    for (const { element } of groups) element.hidden = true;
    for (const row of flat.children) row.hidden = true;
    for (const n of numbers) rows[n].hidden = false;
    flat.append(...numbers.map((n) => rows[n]));
  };

  return {
    rows: () => rows,
    keep: (fresh) => {
      rows = fresh;
    },
    titles: () => rows.map((row) => row.querySelector(".course-row__link").textContent),
    paint: (numbers, asked, _current, dress) => {
      const grouped = orderedBy(asked) === "subject";
      if (grouped) bySubject(numbers);
      else inOneList(numbers);
      flat.hidden = grouped;
      list.hidden = !numbers.length;
      for (const n of numbers) dress(rows[n]);
    },
  };
};
