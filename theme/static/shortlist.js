/* The reader's own courses, or a list that somebody has shared by a link: a table, what is held at the same time, and the link to share. */
import { MOST, chosen, keep, mySchool } from "./my.js";
import { book } from "./my-words.js";
import { coursesOf, settle } from "./my-facts.js";
import { choices, clashes, runsThatCount, sameDays } from "./my-clashes.js";
import { periodText } from "./my-periods.js";
import { timeline } from "./my-timeline.js";
import { addressWith, bookOrSentence, button, courseLink, courseName, coursesInAddress, datesOf, leftOut, link, made, note, now, placesOf, priceOf, redrawn, tellPlaces } from "./my-page.js";
import { askInAnyLanguage } from "./address.js";
import { sayIn } from "./status.js";

const SIDE_BY_SIDE = 4;
const PAIRS = 3; // that are told one by one
const root = document.querySelector("[data-shortlist]");
const place = root.querySelector("[data-list-table]");
const notes = root.querySelector("[data-list-notes]");
const say = sayIn(root.querySelector("[data-list-status]"));
const words = await bookOrSentence(book);
const compared = new Set();
let removed = null; // the course that was taken away last, with its run and its place
let shared = new URLSearchParams(location.search).has("c") && coursesInAddress(MOST);
let listed = { found: [], gone: [], broken: [], strange: false, many: false };
let latest = 0;

const load = async () => {
  const turn = (latest += 1);
  const { courses, strange, many } = shared || { courses: chosen(), strange: false, many: false };
  const found = await coursesOf([...courses.keys()], root.dataset.course);
  if (turn !== latest) return;
  listed = { ...found, strange, many };
  if (shared) show();
  else follow(); // some may have been taken away meanwhile
};

/* ---- the runs ---- */

/* Keep the run, in a shared list in its address. */
const chooseRun = (id, run) => {
  if (!shared) {
    if (!keep(chosen().set(id, run))) say(words.say("refused"));
    return;
  }
  history.replaceState(null, "", addressWith(location.pathname, shared.courses.set(id, run)));
  showAgain();
};

/* The courses with those runs that count because they were chosen. */
const withChosen = (courses, picked) => {
  const runs = shared ? shared.courses : chosen();
  return new Map(courses.map(({ id }, i) => [id, runs.get(id) === picked[i].id ? picked[i].id : ""]));
};

/* ---- the table ---- */

const runCell = (course, run, school) => {
  const options = choices(course);
  const told = made("span", { className: "table__more", textContent: school ? periodText(run, school, words) : "" });
  if (options.length < 2) return [datesOf(run, words), told];
  const list = made(
    "select",
    { className: "select my-list__run" },
    ...options.map((one) => made("option", { value: one.id, textContent: datesOf(one, words), selected: one === run })),
  );
  list.setAttribute("aria-label", words.say("run-of", { course: courseName(course) }));
  list.addEventListener("change", () => chooseRun(course.id, list.value));
  const open = options.find(({ state }) => state === "open");
  if (run.state === "open" || !open) return [list, told];
  const hint = made("span", { className: "table__more", id: `open-${course.id}`, textContent: words.say("open-now", { run: datesOf(open, words) }) });
  list.setAttribute("aria-describedby", hint.id);
  return [list, hint, told];
};

const compareBox = (course, picked) => {
  const box = made("input", { type: "checkbox", className: "choice__box", checked: compared.has(course.id) });
  box.setAttribute("aria-label", words.say("compare-of", { course: courseName(course) }));
  box.addEventListener("change", () => {
    if (box.checked) compared.add(course.id);
    else compared.delete(course.id);
    showCompare(picked);
  });
  return box;
};

/* Keep the courses without these; what was told, or why not. The row under the focus may have gone. */
const keepWithout = (ids, text) => {
  const courses = chosen();
  for (const id of ids) courses.delete(id);
  say(keep(courses) ? text : words.say("refused"));
  (place.querySelector("[data-undo]") || place.querySelector("[data-remove]") || document.getElementById("main")).focus();
};

const remove = (course) => {
  const courses = chosen();
  removed = { course, run: courses.get(course.id), at: [...courses.keys()].indexOf(course.id) };
  keepWithout([course.id], words.say("removed", { course: courseName(course) }));
};

/* Put the course back where it was. */
const undo = () => {
  const { course, run, at } = removed;
  const courses = [...chosen()];
  if (courses.length >= MOST) {
    say(words.say("full", { n: MOST })); // another tab has filled the list
    return;
  }
  courses.splice(at, 0, [course.id, run]);
  listed.found.push(course);
  say(keep(new Map(courses)) ? words.say("undone", { course: courseName(course) }) : words.say("refused"));
  (place.querySelector(`[data-remove="${course.id}"]`) || place.querySelector("[data-undo]")).focus();
};

const undoPart = (tag, properties) => {
  const back = button(words.say("undo"), "btn btn--quiet", undo);
  back.dataset.undo = "";
  return made(tag, properties, words.say("removed", { course: courseName(removed.course) }), " ", back);
};

const rowOf = (course, picked, run, school) => {
  const away = button(words.say("remove"), "btn btn--quiet", () => remove(course));
  away.setAttribute("aria-label", words.say("remove-of", { course: courseName(course) }));
  away.dataset.remove = course.id;
  const cells = [
    ["compare-this", [compareBox(course, picked)]],
    ["run", runCell(course, run, school)],
    ["state", [made("span", { textContent: run.deadline }), made("span", { className: "table__more" }, placesOf(run))]],
    ["price", [priceOf(course, run, school, words)]],
    ["", [run.from ? link(root.dataset.calendar.replace("{id}", course.id), words.say("calendar"), "my-list__calendar") : null, shared ? null : away]],
  ];
  const name = made("th", { scope: "row", className: "table__cell" }, courseLink(course), made("span", { className: "table__more", textContent: [course.codes, course.school].filter(Boolean).join(" · ") }));
  const [compare, ...others] = cells.map(([label, children]) => made("td", { className: "table__cell", data: label ? { label: words.say(label) } : {} }, ...children));
  return made("tr", {}, compare, name, ...others);
};

const tableOf = (courses, picked, school) => {
  const titles = ["compare-this", "course", "run", "state", "price"].map((name) => made("th", { scope: "col", className: "table__head", textContent: words.say(name) }));
  const last = made("td", { className: "table__head" });
  const rows = courses.map((course, i) => rowOf(course, picked, picked[i], school));
  if (removed) rows.splice(removed.at, 0, made("tr", {}, undoPart("td", { className: "table__cell", colSpan: titles.length + 1 })));
  return made(
    "table",
    { className: "table table--blocks my-list" },
    made("thead", {}, made("tr", {}, ...titles, last)),
    made("tbody", {}, ...rows),
  );
};

/* The link names the runs as they stand here: of fewer courses others could clash least. */
const showCompare = (picked) => {
  const bar = place.querySelector("[data-compare-link]");
  const some = listed.found.flatMap((course, i) => (compared.has(course.id) ? [[course.id, choices(course).length > 1 ? picked[i].id : ""]] : []));
  const fit = some.length >= 2 && some.length <= SIDE_BY_SIDE;
  bar.replaceChildren(fit ? link(addressWith(root.dataset.compare, some), words.say("compare", { n: some.length }), "btn btn--line") : words.say("compare-hint"));
};

/* ---- what is held at the same time ---- */

/* A sentence for each pair; when there are many, one for each course with those after it. */
const clashSentences = (courses, pairs) => {
  const name = (i) => courseName(courses[i]);
  if (pairs.length <= PAIRS) return pairs.map(({ a, b, from, to }) => words.say("clash", { first: name(a), second: name(b), days: words.days(from, to) }));
  const told = (a) => pairs.filter((pair) => pair.a === a).map(({ b, from, to }) => `${name(b)} (${words.days(from, to)})`);
  return [...new Set(pairs.map(({ a }) => a))].map((a) => words.say("course-clashes", { course: name(a), others: words.listed(told(a)) }));
};

const clashPart = (courses, picked) => {
  const pairs = clashes(picked);
  const open = picked.map((run) => (run.state === "open" || run.state === "not_open") && run.from ? run : { closes: null });
  const sentences = clashSentences(courses, pairs);
  const days = sameDays(open).filter(({ day }) => day).map(({ day, places }) => words.say("same-day", { day: words.day(day), courses: words.listed(places.map((i) => courseName(courses[i]))) }));
  return made(
    "section",
    { className: "section--near" },
    made("h2", { textContent: words.say("clashes") }),
    made("ul", { className: "bullets" }, ...(sentences.length ? sentences : [words.say("no-clash")]).concat(days).map((text) => made("li", { textContent: text }))),
    courses.some((course) => choices(course).length > 1) ? note(words.say("picked")) : null,
    timeline(courses, picked, pairs, words),
  );
};

/* ---- sharing ---- */

const sharePart = (courses) => {
  const address = location.origin + addressWith(location.pathname, courses);
  const field = made("input", { className: "input", id: "share-address", readOnly: true, value: address });
  const told = made("span", { className: "my-list__told" });
  told.setAttribute("role", "status");
  const copy = button(words.say("copy"), "btn btn--secondary", async () => {
    const done = await navigator.clipboard?.writeText(address).then(() => true, () => false);
    if (!done) field.select();
    sayIn(told)(words.say(done ? "copied" : "not-copied"));
  });
  return made(
    "section",
    { className: "section--near my-list__share" },
    made("h2", { textContent: words.say("share") }),
    note(words.say("share-hint")),
    made("label", { className: "field__label", htmlFor: field.id, textContent: words.say("address") }),
    field,
    made("p", { className: "actions" }, copy, told),
  );
};

/* ---- a list that somebody has shared ---- */

const take = (offered) => {
  const all = new Map([...chosen(), ...[...offered].filter(([id]) => !chosen().has(id))]);
  keep(all);
  shared = false;
  history.replaceState(null, "", location.pathname);
  say(words.say("taken"));
  load().then(() => {
    notes.prepend(note(words.say("taken")), ...(all.size > MOST ? [note(words.say("too-many", { n: MOST }))] : []));
    document.getElementById("main").focus();
  });
};

const sharedNote = (offered) => {
  const n = offered.size;
  const mine = link(location.pathname, words.say("mine"));
  return made(
    "div",
    { className: "form-panel my-list__shared" },
    made("h2", { textContent: n ? words.say("shared", { n }) : words.say("no-shared") }),
    made("p", { className: "actions" }, n ? button(words.say("take"), "btn btn--primary", () => take(offered)) : null, mine),
  );
};

const forget = () => {
  removed = null;
  keepWithout(listed.gone, words.say("forgotten", { n: listed.gone.length }));
};

/* ---- the whole ---- */

const nothing = () => [
  made("p", { textContent: words.say("empty") }),
  made("p", { className: "actions" }, link(root.dataset.home, words.say("see"), "btn btn--primary")),
];

const show = () => {
  askInAnyLanguage();
  const { found, gone, many } = listed;
  const school = words.school(mySchool());
  settle(found, now());
  if (chosen().has(removed?.course.id)) removed = null;
  const picked = runsThatCount(found, shared ? shared.courses : chosen());
  root.querySelector("[data-mine]").hidden = Boolean(shared);
  notes.replaceChildren(
    ...(shared ? [sharedNote(withChosen(found, picked))] : []),
    ...leftOut(listed, words),
    ...(gone.length && !shared ? [made("p", {}, button(words.say("forget"), "btn btn--quiet", forget))] : []),
    ...(many ? [note(words.say("too-many", { n: MOST }))] : []),
  );
  if (!found.length) {
    place.replaceChildren(...(removed ? [undoPart("p")] : []), ...(shared || gone.length ? [] : nothing()));
    return;
  }
  place.replaceChildren(tableOf(found, picked, school), made("p", { className: "actions", data: { compareLink: "" } }), clashPart(found, picked), sharePart(withChosen(found, picked)));
  showCompare(picked);
  tellPlaces(place);
};

/* What is in the list now, perhaps by another tab. What could not be fetched is not asked for with every change. */
const follow = () => {
  if (shared) return;
  const courses = chosen();
  const stays = (id) => courses.has(id);
  const found = [...courses.keys()].flatMap((id) => listed.found.find((one) => one.id === id) || []);
  listed = { ...listed, found, gone: listed.gone.filter(stays), broken: listed.broken.filter(stays) };
  for (const id of [...compared].filter((one) => !stays(one))) compared.delete(id);
  const known = new Set([...listed.found.map(({ id }) => id), ...listed.gone, ...listed.broken]);
  if ([...courses.keys()].every((id) => known.has(id))) showAgain();
  else load();
};

const showAgain = () => redrawn(place, show);
document.addEventListener("tarjotin:school", showAgain);
document.addEventListener("clock", () => settle(listed.found, now()) && showAgain()); // what the reader has under hand is not drawn anew for nothing
document.addEventListener("tarjotin:chosen", follow);
await load();
