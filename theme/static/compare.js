/* Up to four courses side by side, as the address names them. Everything stands in the courses' own pages; here it is only put beside. */
import { mySchool } from "./my.js";
import { book } from "./my-words.js";
import { coursesOf, settle } from "./my-facts.js";
import { runsThatCount } from "./my-clashes.js";
import { periodsText } from "./my-periods.js";
import { addressWith, bookOrSentence, button, courseLink, courseName, coursesInAddress, datesOf, leftOut, link, made, note, now, placesOf, priceOf, redrawn, tellPlaces } from "./my-page.js";
import { askInAnyLanguage } from "./address.js";
import { sayIn } from "./status.js";

const MOST = 4;
const root = document.querySelector("[data-comparison]");
const table = root.querySelector("[data-list-table]");
const notes = root.querySelector("[data-list-notes]");
const say = sayIn(root.querySelector("[data-list-status]"));
const heads = [...document.querySelector("[data-my-more]").content.querySelectorAll("[data-row]")].map((one) => [one.dataset.row, one.textContent]);

const lines = (items) => made("ul", {}, ...items.map((item) => made("li", {}, ...[item].flat())));

/* What leaving costs; a course's page tells it of one run, whose days stand above it when another one counts. */
const leaving = (course, run, school, words) => {
  if (!course.leaving.length) return [];
  const told = course.runs.find(({ id }) => id === course.shown);
  const mine = school && !school.member.includes(told.agreement) ? 1 : 0;
  const steps = lines(course.leaving.map(({ when, price }) => `${when}: ${words.money(price[mine], course.currency, true)}`));
  return run === told ? [steps] : [`${datesOf(told, words)}:`, steps];
};

/* The days of the run and, for a school that has told its periods, how they lie in those. */
const held = (run, school, words) => [datesOf(run, words), made("span", { className: "table__more", textContent: school ? periodsText(run, school, words) : "" })];

const cell = (row, course, run, school, words) => {
  if (row === "runs") return held(run, school, words);
  if (row === "deadline") return [run.deadline];
  if (row === "places") return [placesOf(run)];
  if (row === "price") return [priceOf(course, run, school, words)];
  if (row === "leaving") return leaving(course, run, school, words);
  return course[row] ? [course[row]] : [];
};

const head = (course, words, remove) => {
  const label = words.say("remove-of", { course: courseName(course) });
  const away = button(words.say("remove"), "btn btn--quiet", () => remove(course));
  away.setAttribute("aria-label", label);
  return made("th", { scope: "col", className: "table__head compare__course" }, courseLink(course), away);
};

const rowOf = ([name, title], courses, picked, school, words) => {
  const cells = courses.map((course, i) => made("td", { className: "table__cell" }, ...cell(name, course, picked[i], school, words)));
  for (const one of cells) if (!one.textContent) one.textContent = words.say("nothing-here");
  const mark = made("span", { className: "compare__differs", textContent: words.say("differs") });
  return made("tr", {}, made("th", { scope: "row", className: "table__cell" }, title, mark), ...cells);
};

/* Mark the rows that differ and, when only those are wanted, hide the others. */
const markRows = (rows) => {
  for (const row of rows) {
    const differs = new Set([...row.querySelectorAll("td")].map((one) => one.textContent)).size > 1;
    row.classList.toggle("compare__row--same", !differs);
    row.querySelector(".compare__differs").hidden = !differs;
    row.hidden = onlyDifferences && !differs;
  }
};

const draw = (courses, picked, school, words, remove) => {
  const only = made("input", { type: "checkbox", id: "only-differences", className: "choice__box", checked: onlyDifferences });
  const label = made("label", { className: "choice compare__only", htmlFor: only.id }, only, words.say("only-differences"));
  const rows = heads.map((one) => rowOf(one, courses, picked, school, words));
  markRows(rows);
  only.addEventListener("change", () => {
    onlyDifferences = only.checked;
    markRows(rows);
  });
  const corner = made("th", { scope: "col", className: "table__head" }, made("span", { className: "visually-hidden", textContent: words.say("fact") }));
  const drawn = made(
    "table",
    { className: "table compare" },
    made("thead", {}, made("tr", {}, corner, ...courses.map((course) => head(course, words, remove)))),
    made("tbody", {}, ...rows),
  );
  const region = made("div", { className: "table-wrap", tabIndex: 0 }, drawn);
  region.setAttribute("role", "region");
  region.setAttribute("aria-labelledby", "compare");
  return [courses.length > 1 ? label : null, region, note(words.say("share-hint"))].filter(Boolean);
};

const nothing = (words) => [
  made("p", { className: "lead", textContent: words.say("nothing") }),
  made("p", { className: "actions" }, link(root.dataset.chosen, words.say("to-chosen"), "btn btn--primary"), link(root.dataset.home, words.say("see"))),
];

const { courses: asked, strange, many } = coursesInAddress(MOST);
const words = await bookOrSentence(book);
const { found, gone, broken } = await coursesOf([...asked.keys()], root.dataset.course);
let courses = found;
let onlyDifferences = false;

const show = () => {
  askInAnyLanguage();
  const school = words.school(mySchool());
  settle(courses, now());
  onlyDifferences &&= courses.length > 1;
  const remove = (course) => {
    courses = courses.filter((one) => one !== course);
    history.replaceState(null, "", addressWith(location.pathname, courses.map(({ id }) => [id, asked.get(id)])));
    say(words.say("removed", { course: courseName(course) }));
    show();
    (table.querySelector("button") || document.getElementById("main")).focus();
  };
  document.querySelector(".site-footer__address").textContent = location.href; // on paper
  notes.replaceChildren(...leftOut({ strange, gone, broken }, words), ...(many ? [note(words.say("four"))] : []));
  table.replaceChildren(...(courses.length ? draw(courses, runsThatCount(courses, asked), school, words, remove) : nothing(words)));
  tellPlaces(table);
};

show();
const showAgain = () => redrawn(table, show);
document.addEventListener("tarjotin:school", showAgain);
document.addEventListener("clock", () => settle(courses, now()) && showAgain()); // what the reader has under hand is not drawn anew for nothing
document.addEventListener("runs", () => markRows(table.querySelectorAll("tbody tr"))); // the places have been told
