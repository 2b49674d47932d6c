/* The list of courses: filters while one types or ticks. Only comfort: without this script the form goes to the service.
   What is asked stands in the boxes, the field and the address; what is needed to answer is loaded on first use. */
import { FACETS, askInAnyLanguage, filtered, nothing, read, trimmed, written } from "./address.js";
import { sayIn } from "./status.js";

const words = document.querySelector("[data-list-words]");
const form = document.getElementById("filter");
const field = form.elements.q;
const filters = document.getElementById("filters");
const find = (mark) => document.querySelector(`[data-${mark}]`);
const say = (name) => words.content.querySelector(`[data-word="${name}"]`).textContent;
const number = new Intl.NumberFormat(document.documentElement.lang);
const counted = (name, n) => say(n === 1 ? name : `${name}s`).replace("{n}", number.format(n));
const title = document.title;

/* ---- what is asked ---- */

let buyer = "member"; // whose prices: the reader's own school's, if one is chosen
let boxes = new Map(); // name and value → the box and its count

const keep = (box) => boxes.set(`${box.name} ${box.value}`, { box, count: box.closest(".facet__row").querySelector("[data-count]") });
const gather = () => {
  boxes = new Map();
  for (const box of filters.querySelectorAll(".facet__box")) keep(box);
};

/* A box for a value that no course has any more, so that it can be taken away; and for the prices of another class. */
const addBox = (name, value) => {
  const row = filters.querySelector(".facet__row").cloneNode(true);
  const box = row.querySelector("input");
  Object.assign(box, { name, value, checked: false });
  row.className = "facet__row";
  row.dataset.added = "";
  row.querySelector(".facet__label").textContent = value;
  row.querySelector("[data-count]").textContent = "";
  filters.querySelector(`[data-facet="${name}"]`)?.append(row);
  keep(box);
  return box;
};

/* The box of a value, also of one for which the page has none. */
const boxOf = (name, value) => boxes.get(`${name} ${value}`)?.box || addBox(name, value);

const chosen = () => {
  const asked = { ...nothing(), q: trimmed(field.value), buyer, order: form.elements.order.value };
  for (const { box } of boxes.values()) if (box.checked) asked[box.name].push(box.value);
  for (const name of ["from", "to"]) asked[name] = form.elements[name].value;
  return asked;
};

const toForm = (asked) => {
  field.value = asked.q;
  for (const name of FACETS) for (const value of asked[name]) boxOf(name, value);
  for (const { box } of boxes.values()) box.checked = asked[box.name].includes(box.value);
  for (const name of ["from", "to"]) form.elements[name].value = asked[name];
  form.elements.order.value = asked.order;
};

const toAddress = (asked, push) => {
  const query = written(asked);
  const address = location.pathname + (query && `?${query}`) + location.hash;
  if (address === location.pathname + location.search + location.hash) return;
  history[push ? "pushState" : "replaceState"](null, "", address);
};

/* ---- showing ---- */

const showCounts = (counts) => {
  for (const { box, count } of boxes.values()) {
    const n = counts[box.name].get(box.value) || 0;
    count.textContent = number.format(n);
    count.parentElement.classList.toggle("facet__row--none", n === 0);
  }
};

const nameAdded = () => {
  for (const row of filters.querySelectorAll("[data-added]")) {
    const { name, value } = row.querySelector("input");
    row.querySelector(".facet__label").textContent = view.label(name, value);
  }
};

const labelOf = (box) => box.closest(".facet__row").querySelector(".facet__label").textContent;

const chip = (label, takeAway) => {
  const item = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "chip" });
  const hidden = Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: `${say("remove")} ` });
  button.append(hidden, label, words.content.querySelector("svg").cloneNode(true));
  button.addEventListener("click", async () => {
    takeAway();
    await show(true);
    (find("chips").querySelector("button") || find("total")).focus();
  });
  item.append(button);
  return item;
};

const showChips = (asked) => {
  const items = [...boxes.values()].filter(({ box }) => box.checked).map(({ box }) => chip(labelOf(box), () => (box.checked = false)));
  if (asked.from || asked.to) {
    const days = say("starts").replace("{days}", view.days(asked.from, asked.to));
    items.push(chip(days, () => (form.elements.from.value = form.elements.to.value = "")));
  }
  find("chips").replaceChildren(...items);
  find("chips").hidden = !items.length;
};

const showOrders = (asked) => {
  const automatic = say(asked.q ? "fit" : "subject");
  for (const one of [...form.elements.order.options, ...document.querySelectorAll("[data-order]")]) {
    const name = one.dataset.order ?? one.value;
    if (name === "") one.textContent = automatic;
    if (name === "subject" || name === "fit") one.hidden = one.disabled = name === "fit" || !asked.q;
    if (one.dataset.order === undefined) continue;
    one.href = `?${written({ ...asked, order: name })}`;
    if (name === asked.order) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
};

const showTotal = (asked, n) => {
  const text = counted("course", n);
  const narrowed = asked.q || filtered(asked);
  find("total").textContent = text;
  find("show").textContent = counted("show-course", n);
  document.title = narrowed ? `${text} – ${title}` : title;
};

const sayStatus = sayIn(find("status"));
let telling = 0;

/* Tell the number to those who hear the page, once the reader has stopped for a moment. */
const tellTotal = (asked) => {
  clearTimeout(telling);
  telling = setTimeout(() => {
    const offers = !find("empty").hidden && !find("near").hidden;
    if (find("status").textContent || asked.q || filtered(asked)) sayStatus([find("total").textContent, offers && say("offers")].filter(Boolean).join(". "));
  }, 700);
};

/* ---- answering ---- */

let view = null; // list-view.js, once it is there
let loading = null;
let latest = 0;

/* What answers, loaded on first use; null when that is not possible. */
const load = () => {
  loading ||= import("./list-view.js")
    .then(({ open }) => open())
    .then((found) => (view = found))
    .catch(() => (loading = null));
  return loading;
};

/* The service answers what cannot be answered here. */
const askService = (asked) => location.assign(`${form.action}?${written(asked)}`);

/* Answer what is asked. `push` makes a step that the back button undoes. */
const show = async (push, keepAddress) => {
  const asked = chosen();
  const turn = (latest += 1);
  const current = () => turn === latest;
  if (!keepAddress) toAddress(asked, push);
  askInAnyLanguage();
  try {
    if (!(view || (await load()))) throw new Error("what answers cannot be loaded");
    if (!current()) return;
    nameAdded();
    showChips(asked);
    showOrders(asked);
    await view.answer(asked, current, (n) => showTotal(asked, n), showCounts, askThis);
    if (current()) tellTotal(asked);
  } catch {
    if (current()) askService(asked);
  }
};

/* Ask something else instead, from a link in an empty list. */
const askThis = (asked) => {
  toForm(asked);
  field.focus();
  return show(true);
};

/* ---- whose prices ---- */

/* Whether they are other ones than before. */
const setBuyer = async (next) => {
  if (next === buyer || !(await load())) return false;
  const prices = await view.prices(next);
  buyer = next;
  const facet = filters.querySelector('[data-facet="price"]');
  const had = chosen().price;
  facet.querySelector("legend").textContent = say(`price-${buyer}`);
  for (const row of facet.querySelectorAll(".facet__row, .facet__more")) row.remove();
  gather();
  for (const cents of prices) addBox("price", cents).checked = had.includes(cents);
  nameAdded();
  return true;
};

/* That of an address with prices, which another reader may have sent; else the class of the reader's own school, if one is chosen. */
const buyerOf = async (asked) => {
  const { mySchool } = await import("./my.js");
  if (asked.price.length || !mySchool()) return asked.buyer;
  const { book } = await import("./my-words.js");
  const school = (await book()).school(mySchool());
  return school && !school.member.length ? "outside" : "member";
};

document.addEventListener("tarjotin:school", async () => {
  const other = await buyerOf(nothing()).then(setBuyer).catch(() => false);
  if (view || other) await show(false);
});

/* ---- the sheet of a phone: back closes it, what was chosen in it stays ---- */

const isSheet = () => location.hash === "#filters";
const narrow = matchMedia("(max-width: 59.99rem)"); // as in the style
let wasSheet = isSheet();

/* Nobody comes with the keyboard to what the sheet covers. */
const hideBehind = () => {
  const covers = isSheet() && narrow.matches;
  for (const one of document.querySelectorAll(".skip, .site-header, .hero, .results, .site-footer")) one.inert = covers;
};
narrow.addEventListener("change", hideBehind);
addEventListener("hashchange", hideBehind);

const leaveSheet = () => {
  if (!isSheet()) return;
  if (wasSheet === "opened") history.back();
  else location.replace("#results");
};

document.querySelector(".results__filter").addEventListener("click", () => {
  wasSheet = "opened";
});
document.querySelector(".filters__head a").addEventListener("click", (event) => {
  event.preventDefault();
  leaveSheet();
});

addEventListener("popstate", () => {
  if (wasSheet && !isSheet()) {
    toAddress(chosen(), false);
    wasSheet = false;
    hideBehind();
    document.querySelector(".results__filter").focus({ preventScroll: true });
    return;
  }
  wasSheet ||= isSheet();
  hideBehind();
  toForm(read(location.search));
  show(false, true);
});

/* ---- the reader ---- */

form.addEventListener("submit", (event) => {
  if (!view) return; // nothing here can answer: the service will
  event.preventDefault();
  if (isSheet()) leaveSheet();
  else document.getElementById("results").focus();
});
field.addEventListener("focus", () => load().then((found) => found?.warm().catch(() => {})), { once: true });
field.addEventListener("input", () => show(false));
filters.addEventListener("pointerenter", load, { once: true });
filters.addEventListener("change", () => show(!isSheet()));
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-order]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  form.elements.order.value = link.dataset.order;
  show(true);
});

gather();
hideBehind();
const asked = read(location.search);
const before = chosen(); // typed and ticked before this script came
for (const name of FACETS) asked[name] = [...new Set([...asked[name], ...before[name]])];
for (const name of ["q", "from", "to", "order"]) asked[name] ||= before[name];
toForm(asked);
const other = await buyerOf(asked).catch(() => asked.buyer).then(setBuyer).catch(() => false);
if (other) for (const cents of asked.price) boxOf("price", cents).checked = true;
if (other || written(chosen())) show(false, written(chosen()) === written(read(location.search)));
else if (Number(words.dataset.turns) && Date.now() / 60000 >= Number(words.dataset.turns)) load(); // it mends rows that are no longer true
