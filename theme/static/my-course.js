/* A course page as it is for the reader's own school: its price and who pays, its places, its periods, the way of enrolling. */
import { OTHER } from "./my.js";
import { centsOf, fill } from "./my-words.js";
import { periodText } from "./my-periods.js";

const article = document.querySelector("[data-my-course]");
const facts = JSON.parse(article.dataset.myCourse);
const schools = article.querySelector("select[name=school]");
const all = (selector) => [...article.querySelectorAll(selector)];

/* The page as it was printed, to come back to when no school is chosen any more. */
const printed = new Map();
const change = (element, ...children) => {
  if (!printed.has(element)) printed.set(element, [...element.childNodes]);
  element.replaceChildren(...children);
};
const restore = () => {
  for (const [element, children] of printed) element.replaceChildren(...children);
  hideDoor();
  for (const one of all("[data-my-added]")) one.remove();
  document.body.classList.remove("own-course");
  for (const one of all("[data-my-general], [data-my-class=member]")) one.hidden = false;
  for (const one of all("[data-my-class=outside]")) one.hidden = true;
};

const added = (text, className) => {
  const element = document.createElement("p");
  Object.assign(element, { className, textContent: text });
  element.dataset.myAdded = "";
  return element;
};

const classOf = (run, school) => (school.member.includes(run.agreement) ? 0 : 1);
const isWhole = (text) => !/\d[.,]\d\d/.test(text);

const shown = facts.runs.find((run) => run.id === facts.shown);

const showPrices = (book, school) => {
  for (const one of all("[data-price]")) change(one, book.money(centsOf(one.dataset.price, school), facts.currency, isWhole(one.textContent)));
  for (const one of all("[data-my-general]")) one.hidden = true;
  const outside = classOf(shown, school) === 1 && article.querySelector("[data-my-class=outside]");
  for (const one of all("[data-my-class]")) one.hidden = (one.dataset.myClass === "outside") !== Boolean(outside);
  all(".leaving__cell--sum").forEach((cell, i) => change(cell, book.money(facts.leaving[i][classOf(shown, school)], facts.currency, true)));
};

const showPayer = (book, school) => {
  const payer = article.querySelector("[data-my-payer]");
  if (!payer) return;
  const sum = payer.querySelector("strong");
  if (facts.school === school.id) change(payer, book.say("own"));
  else if (school.name) {
    const line = document.createElement("span");
    fill(line, book.say("pays", { school: school.name }), { money: sum.cloneNode(true) });
    change(payer, ...line.childNodes);
  }
};

const showRuns = (book, school) => {
  for (const run of facts.runs) {
    const block = article.querySelector(`[data-offering="${CSS.escape(run.id)}"] .offering__when`);
    const text = periodText(run, school, book);
    if (text) block?.after(added(text, "offering__mine"));
  }
  for (const line of all("[data-my-reserved]")) {
    const [id, runId] = line.dataset.myReserved.split(" ");
    const run = facts.runs.find((one) => one.id === runId);
    if (id !== school.id || !run?.reserved) continue;
    const words = run.until ? "reserved" : "reserved-always";
    const strong = document.createElement("strong");
    strong.textContent = book.say(words, { n: run.reserved[id], day: run.until && book.day(run.until) });
    change(line, strong);
  }
};

/* The school that the form names has the reader's own at first; the sentence below is about the one that it names. */
const nameSchool = (school) => {
  if (!schools || (schools.value && schools.dataset.mine !== schools.value)) return;
  schools.value = school.id;
  if (!schools.value) schools.value = "";
  schools.dataset.mine = schools.value;
  schools.dispatchEvent(new Event("change", { bubbles: true }));
};

const hideDoor = () => {
  document.getElementById("my-door")?.remove();
  schools?.removeAttribute("aria-describedby");
};

const showDoor = (book) => {
  hideDoor();
  const school = schools?.value && book.school(schools.value);
  if (!school) return;
  const door = school.id === OTHER ? "door-other" : classOf(shown, school) === 0 ? "door-member" : "door-outside";
  const hint = added(facts.school === school.id ? book.say("own") : book.say(door, { school: school.name }), "field__hint");
  hint.id = "my-door";
  schools.before(hint);
  schools.setAttribute("aria-describedby", hint.id);
};

let words = null; // while a school is chosen
schools?.addEventListener("change", () => words && showDoor(words));

/* Show the page for the school; as it was printed when `school` is null. */
export const showCourse = (book, school) => {
  restore();
  words = school && book;
  if (!school) return;
  showPrices(book, school);
  showPayer(book, school);
  showRuns(book, school);
  if (facts.school === school.id) {
    document.body.classList.add("own-course"); // it is not enrolled on here
    article.querySelector(".course__enrol")?.prepend(added(book.say("own"), "lead"));
    return;
  }
  nameSchool(school);
  showDoor(book);
};
