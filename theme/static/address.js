/* What is asked of the list, read from an address and written to one, as course_catalogue/selection.py does; a test compares the two. */

export const FACETS = ["open", "free", "month", "subject", "module", "school", "mode", "language", "credits", "level", "price"];
const ORDERS = ["subject", "start", "title", "school", "price", "fit"];
const FORMS = { open: /^1$/, free: /^1$/, month: /^(\d{4}-(0[1-9]|1[0-2])|nonstop)$/, credits: /^\d{1,2}$/, price: /^\d{1,7}$/ };
const MOST_VALUES = 50;
const MOST_LETTERS = 200;

const isDay = (text) => {
  const moment = /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`);
  return Boolean(moment) && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
};

/* Nothing asked: all courses. */
export const nothing = () => ({ q: "", ...Object.fromEntries(FACETS.map((name) => [name, []])), from: "", to: "", buyer: "member", order: "" });

/* The text as it is searched: without spaces that say nothing. */
export const trimmed = (text) => text.slice(0, MOST_LETTERS).trim().split(/\s+/).join(" ");

/* What an address asks. Unknown names and impossible values are passed over. */
export const read = (search) => {
  const query = new URLSearchParams(search);
  const first = (name) => query.getAll(name).find(Boolean) || "";
  const asked = nothing();
  asked.q = trimmed(first("q"));
  for (const name of FACETS) {
    const values = [...new Set(query.getAll(name))].filter(Boolean).slice(0, MOST_VALUES).filter((value) => FORMS[name]?.test(value) ?? true);
    asked[name] = name === "credits" || name === "price" ? [...new Set(values.map((value) => String(Number(value))))] : values;
  }
  asked.from = isDay(first("from")) ? first("from") : "";
  asked.to = isDay(first("to")) ? first("to") : "";
  asked.buyer = first("buyer") === "outside" ? "outside" : "member";
  asked.order = ORDERS.includes(first("order")) ? first("order") : "";
  return asked;
};

/* The query string that means this, without its question mark. */
export const written = (asked) => {
  const query = new URLSearchParams();
  if (asked.q) query.set("q", asked.q);
  for (const name of FACETS) for (const value of asked[name]) query.append(name, value);
  for (const name of ["from", "to"]) if (asked[name]) query.set(name, asked[name]);
  if (asked.buyer === "outside" && (asked.price.length || asked.order === "price")) query.set("buyer", "outside");
  if (asked.order) query.set("order", asked.order);
  return query.toString();
};

/* Whether any filter is on, beside the text. */
export const filtered = (asked) => Boolean(asked.from || asked.to) || FACETS.some((name) => asked[name].length > 0);

/* The order in force. How well they fit means nothing without a text. */
export const orderedBy = ({ q, order }) => (q ? order || "fit" : order === "" || order === "fit" ? "subject" : order);

/* The same is asked of the page in another language. */
export const askInAnyLanguage = () => {
  for (const one of document.querySelectorAll(".site-header__link--language")) one.search = location.search;
};
