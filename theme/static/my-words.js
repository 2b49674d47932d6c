/* The words and the schools that the scripts of the reader's own school share, and how dates and money are written.
   The patterns are those of theme/wording.py; a test compares them. */
import { OTHER } from "./my.js";

const LOCALES = { fi: "fi-FI", sv: "sv-FI", en: "en-GB" };
const NBSP = "\u00a0";

/* `days("2026-10-05", "2026-11-27")` and the like, in one language. */
export const wording = (lang) => {
  const locale = LOCALES[lang] || lang;
  const month = new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" });
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  const split = (day) => {
    const [y, m, d] = day.split("-").map(Number);
    return { y, m, d, moment: new Date(Date.UTC(y, m - 1, d)) };
  };
  const short = (day) => {
    const { m, d, moment } = split(day);
    if (lang === "fi") return `${d}.${m}.`;
    return lang === "sv" ? `${d}.${m}` : `${d} ${month.format(moment)}`;
  };
  const long = (day) => {
    const { y, m, d, moment } = split(day);
    return lang === "fi" || lang === "sv" ? `${d}.${m}.${y}` : `${d} ${month.format(moment)} ${y}`;
  };
  return {
    short,
    long,
    day: (day) => `${weekday.format(split(day).moment)} ${short(day)}`,
    days: (from, to) => {
      const dash = lang === "fi" || lang === "sv" ? "–" : " – ";
      return (from.slice(0, 4) === to.slice(0, 4) ? short(from) : long(from)) + dash + long(to);
    },
    /* `2026-11` as an answer to "when does it start": `marraskuussa`, `tammikuussa 2027`. */
    month: (text, isThisYear) => {
      const { y, moment } = split(`${text}-01`);
      const name = month.format(moment) + (lang === "fi" ? "ssa" : "");
      return isThisYear ? name : `${name} ${y}`;
    },
    money: (cents, currency, whole = false) =>
      new Intl.NumberFormat(locale, { style: "currency", currency, minimumFractionDigits: whole && cents % 100 === 0 ? 0 : 2 })
        .format(cents / 100)
        .replace(/[\u00a0\u202f ]/g, NBSP),
    listed: (texts) => list.format(texts),
  };
};

/* The sentence with its facts filled in. A fact is only ever text. */
const filled = (text, facts) => text.replace(/\{(\w+)\}/g, (all, name) => (name in facts ? String(facts[name]) : all));

const bookOf = ({ words, schools, currency }, lang) => {
  const rules = new Intl.PluralRules(lang);
  const byId = new Map(schools.map((one) => [one.id, one]));
  const say = (name, facts = {}) => {
    const text = words[name] ?? words[`${name}.${rules.select(Number(facts.n))}`] ?? words[`${name}.other`];
    if (text === undefined) throw new Error(`no words for ${name}`);
    return filled(text, facts);
  };
  /* The reader's school as it is told of; null when none is chosen or the list no longer has it. */
  const school = (id) => (id === OTHER ? { id, name: null, member: [], periods: [] } : byId.get(id) || null);
  return { ...wording(lang), lang, schools, currency, say, school };
};

/* The words of this page alone. */
const pageWords = () => {
  const more = document.querySelector("[data-my-more]")?.content.querySelectorAll("[data-word]") || [];
  return Object.fromEntries([...more].map((one) => [one.dataset.word, one.textContent]));
};

let loading = null;

/* The book of the page's language; the same promise for all who ask. Rejects when it cannot be loaded, and may be asked again. */
export const book = () => {
  const lang = document.documentElement.lang;
  loading ??= fetch(document.querySelector("[data-my-bar]").dataset.myBar)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
    .then((found) => bookOf({ ...found, words: { ...found.words, ...pageWords() } }, lang))
    .catch((error) => {
      loading = null;
      throw error;
    });
  return loading;
};

/* What the school pays by a mark `2026-2027 15000 18000`: the cents of its class under that agreement. */
export const centsOf = (mark, school) => {
  const [agreement, member, outside] = mark.split(" ");
  return Number(school.member.includes(agreement) ? member : outside);
};

/* Put a sentence into an element, with some of its facts as elements: `fill(p, "Kuusikko pays {money}.", { money: strong })`. */
export const fill = (element, sentence, elements) => {
  element.replaceChildren(...sentence.split(/(\{\w+\})/).map((part) => elements[part.slice(1, -1)] ?? part));
};
