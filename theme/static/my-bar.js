/* The head of every page: the reader's own school and the number of own courses; and what follows from them on the page.
   The words and the schools are fetched only once they are needed. */
import { OTHER, chosen, chooseSchool, mySchool, toggle } from "./my.js";
import { sayIn } from "./status.js";

const bar = document.querySelector("[data-my-bar]");
const place = bar.querySelector("[data-my-school]");
const status = bar.querySelector("[data-my-status]");

const made = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const book = async () => (await import("./my-words.js")).book();
const speak = sayIn(status);

/* Say what has come of something. What shows nowhere else in the page, a refusal, is seen as well. */
const say = (text, isRefusal = false) => {
  status.classList.toggle("visually-hidden", !isRefusal);
  speak(text);
};

/* ---- the school ---- */

const group = (label, schools) => made("optgroup", { label }, ...schools.map(({ id, name }) => made("option", { value: id, textContent: name })));

const select = ({ schools, say: words }) => {
  const found = made(
    "select",
    { id: "my-school", className: "my-bar__select", autocomplete: "off" },
    made("option", { value: "", textContent: words("none") }),
    group(words("members"), schools.filter((one) => one.member.length)),
    group(words("outside"), schools.filter((one) => !one.member.length)),
    made("option", { value: OTHER, textContent: words("other") }),
  );
  found.addEventListener("change", () => {
    const name = schools.find((one) => one.id === found.value)?.name;
    if (!chooseSchool(found.value)) {
      found.value = mySchool() ?? "";
      say(words("refused"), true);
    } else say(name ? words("told", { school: name }) : words(found.value ? "told-other" : "told-none"));
  });
  return found;
};

/* The list of schools in place of the button, with the school that is chosen. */
const showSelect = async () => {
  const words = await book();
  const list = place.querySelector("select") || select(words);
  if (!list.isConnected) place.replaceChildren(made("label", { htmlFor: list.id, textContent: words.say("school") }), list);
  const id = mySchool();
  list.value = id && words.school(id) ? id : "";
  if (id && !words.school(id)) say(words.say("unknown"), true);
  return list;
};

place.querySelector("button").addEventListener("click", async () => (await showSelect()).focus());

/* ---- the own courses ---- */

const showCount = () => {
  const count = chosen().size;
  bar.querySelector("[data-my-count]").textContent = count || "";
  for (const button of document.querySelectorAll("[data-choose]")) showButton(button);
};

/* On a row the button says one word; what it does, and with which course, is for those who hear it. */
const showButton = (button) => {
  const act = chosen().has(button.dataset.choose) ? "remove" : "add";
  const whole = bar.dataset[act];
  const short = bar.dataset[`${act}Row`];
  button.querySelector("[data-words]").textContent = button.dataset.title ? short : whole;
  if (button.dataset.title) button.lastChild.textContent = `${whole.replace(short, "")}: ${button.dataset.title}`;
  button.classList.toggle("my-choose--chosen", act === "remove");
};

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-choose]");
  if (!button) return;
  const became = toggle(button.dataset.choose);
  const isRefusal = became === "full" || became === "refused";
  const n = chosen().size;
  say((await book()).say(isRefusal ? became : "chosen", { n }), isRefusal);
});

/* ---- the page ---- */

/* Each row of a list gets a button beside its code, also when it is drawn later or anew. */
const dress = (row) => {
  const link = row.querySelector(".course-row__link");
  const id = link?.getAttribute("href")?.match(/\/courses\/(.+)\.html$/)?.[1];
  const before = row.querySelector("[data-choose]");
  if (!id || before?.dataset.choose === id) return;
  before?.remove();
  const name = made("span", { className: "visually-hidden" });
  const button = made("button", { type: "button", className: "my-choose my-choose--row" }, made("span"), name);
  button.firstChild.dataset.words = "";
  Object.assign(button.dataset, { choose: id, title: link.textContent });
  row.querySelector(".course-row__code").append(" ", button);
  showButton(button);
};

const rows = (root) => [...(root.matches?.(".course-row") ? [root] : []), ...root.querySelectorAll(".course-row")];

const showSchool = async () => {
  if (!mySchool() && !document.querySelector("[data-my-shown]")) return;
  const words = await book();
  const school = words.school(mySchool());
  if (document.querySelector("[data-my-course]")) (await import("./my-course.js")).showCourse(words, school);
  if (document.querySelector(".course-row")) (await import("./my-rows.js")).showRows(document.querySelectorAll(".course-row"), words, school);
  document.documentElement.toggleAttribute("data-my-shown", Boolean(school));
  await showSelect();
};

const main = document.getElementById("main");
rows(main).forEach(dress);
new MutationObserver(async (changes) => {
  const changed = new Set(changes.flatMap(({ target, addedNodes }) => [target.closest(".course-row"), ...[...addedNodes].filter((node) => node.nodeType === 1).flatMap(rows)]));
  changed.delete(null);
  changed.forEach(dress);
  const words = changed.size && mySchool() ? await book() : null;
  const school = words?.school(mySchool());
  if (school) (await import("./my-rows.js")).showRows(changed, words, school);
}).observe(main, { childList: true, subtree: true });

document.addEventListener("tarjotin:chosen", showCount);
document.addEventListener("tarjotin:school", () => showSchool().catch(() => {}));
showCount();
showSchool().catch(() => {}); // without the words the page is right as it stands, for a member school
