/* Up to four courses side by side, as the address names them. Everything stands in the courses' own pages; here it is only put beside. */
import { courseIds, mySchool } from "./my.js";
import { book } from "./my-words.js";
import { coursesOf, settle } from "./my-facts.js";
import { periodsText } from "./my-periods.js";
import { addressWith, bookOrSentence, button, courseLink, courseName, datesOf, idsInAddress, leftOut, link, made, note, now, placesOf, priceOf, redrawn, tellPlaces } from "./my-page.js";
import { askInAnyLanguage } from "./address.js";
import { sayIn } from "./status.js";

const MOST = 4;
const root = document.querySelector("[data-comparison]");
const table = root.querySelector("[data-list-table]");
const notes = root.querySelector("[data-list-notes]");
const say = sayIn(root.querySelector("[data-list-status]"));
const heads = [...document.querySelector("[data-my-more]").content.querySelectorAll("[data-row]")].map((one) => [one.dataset.row, one.textContent]);

/* The runs on which one can still enrol; when there is none, the last one. */
const shownRuns = ({ runs }) => {
  const live = runs.filter(({ state }) => state === "open" || state === "not_open");
  return live.length ? live : runs.slice(-1);
};
const lines = (items) => made("ul", {}, ...items.map((item) => made("li", {}, ...[item].flat())));

/* One line for each run; with its days in front when the course has several. */
const perRun = (course, words, tell) => {
  const told = shownRuns(course).map((run) => [run, tell(run)]).filter(([, what]) => what);
  if (told.length < 2) return told.map(([, what]) => what);
  return [lines(told.map(([run, what]) => [run.from ? `${words.days(run.from, run.to)}: ` : `${words.say("own-pace")}: `, what]))];
};

const leaving = (course, school, words) => {
  if (!course.leaving.length) return [];
  const run = course.runs.find(({ id }) => id === course.shown);
  const mine = school && !school.member.includes(run.agreement) ? 1 : 0;
  return [lines(course.leaving.map(({ when, price }) => `${when}: ${words.money(price[mine], course.currency, true)}`))];
};

/* The runs with their days and, for a school that has told its periods, how they lie in those. */
const held = (course, school, words) => {
  const told = shownRuns(course).map((run) => [datesOf(run, words), made("span", { className: "table__more", textContent: school ? periodsText(run, school, words) : "" })]);
  return [lines(told)];
};

/* One price where all runs cost the same. */
const prices = (course, school, words) => {
  const tell = (run) => priceOf(course, run, school, words);
  const texts = [...new Set(shownRuns(course).map(tell))];
  return texts.length > 1 ? perRun(course, words, tell) : texts;
};

const cell = (row, course, school, words) => {
  if (row === "runs") return held(course, school, words);
  if (row === "deadline") return perRun(course, words, (run) => run.deadline);
  if (row === "places") return perRun(course, words, placesOf);
  if (row === "price") return prices(course, school, words);
  if (row === "leaving") return leaving(course, school, words);
  return course[row] ? [course[row]] : [];
};

const head = (course, words, remove) => {
  const label = words.say("remove-of", { course: courseName(course) });
  const away = button(words.say("remove"), "btn btn--quiet", () => remove(course));
  away.setAttribute("aria-label", label);
  return made("th", { scope: "col", className: "table__head compare__course" }, courseLink(course), away);
};

const rowOf = ([name, title], courses, school, words) => {
  const cells = courses.map((course) => made("td", { className: "table__cell" }, ...cell(name, course, school, words)));
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

const draw = (courses, school, words, remove) => {
  const only = made("input", { type: "checkbox", id: "only-differences", className: "choice__box", checked: onlyDifferences });
  const label = made("label", { className: "choice compare__only", htmlFor: only.id }, only, words.say("only-differences"));
  const rows = heads.map((one) => rowOf(one, courses, school, words));
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

const { ids, strange, many } = idsInAddress(courseIds, MOST);
const words = await bookOrSentence(book);
const { found, gone, broken } = await coursesOf(ids, root.dataset.course);
let courses = found;
let onlyDifferences = false;

const show = () => {
  askInAnyLanguage();
  const school = words.school(mySchool());
  settle(courses, now());
  onlyDifferences &&= courses.length > 1;
  const remove = (course) => {
    courses = courses.filter((one) => one !== course);
    history.replaceState(null, "", addressWith(location.pathname, courses.map(({ id }) => id)));
    say(words.say("removed", { course: courseName(course) }));
    show();
    (table.querySelector("button") || document.getElementById("main")).focus();
  };
  document.querySelector(".site-footer__address").textContent = location.href; // on paper
  notes.replaceChildren(...leftOut({ strange, gone, broken }, words), ...(many ? [note(words.say("four"))] : []));
  table.replaceChildren(...(courses.length ? draw(courses, school, words, remove) : nothing(words)));
  tellPlaces(table);
};

show();
const showAgain = () => redrawn(table, show);
document.addEventListener("tarjotin:school", showAgain);
document.addEventListener("clock", () => settle(courses, now()) && showAgain()); // what the reader has under hand is not drawn anew for nothing
document.addEventListener("runs", () => markRows(table.querySelectorAll("tbody tr"))); // the places have been told
