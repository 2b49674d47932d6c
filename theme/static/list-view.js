/* Answers what is asked of the list: finds, counts, orders and draws. Up to some hundred courses all rows are in the page;
   above that they are drawn, some at a time. */
import { filtered, orderedBy } from "./address.js";
import { drawnRows } from "./drawn-rows.js";
import { showEmpty } from "./empty-list.js";
import { byFit, collator, find, opened, ordered } from "./facets.js";
import { live } from "./live-seats.js";
import { wording } from "./my-words.js";
import { pageRows } from "./page-rows.js";
import { draw, mark, price } from "./rows.js";

const SLOW = 80; // milliseconds after which a part of the answer is better than none

const words = document.querySelector("[data-list-words]");
const list = document.querySelector("[data-list]");
const start = document.querySelector("[data-start]");
const lang = document.documentElement.lang;
const address = words.dataset;

const json = (where) => fetch(where).then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))));

/* The numbers of the courses that the text finds. */
const found = (scores) => [...scores.keys()].filter((n) => scores[n]);

let columns = null;
let engine = null;
let titles = null;

/* The search, loaded on first use. */
const searcher = () => {
  engine ||= import("./search.js").then((search) => search.open(address.search));
  engine.catch(() => (engine = null));
  return engine;
};

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/* What the short fields find, where the bodies of the courses are slow to come; the `full` answer when it has come first. */
const quickly = async (search, text, full) => {
  let come = false;
  full.then(() => (come = true), () => (come = true));
  await pause(SLOW);
  return come ? full : search.rank(text, { quick: true });
};

/* Draw the rows of the page with these numbers anew where they are no longer true. The rows that stand there now. */
const mend = async (old, numbers) => {
  const now = live.now();
  if (!Number(address.turns) || now < Number(address.turns)) return old;
  const fresh = await draw(numbers, address.blocks, now);
  fresh.forEach((row, place) => old[place].replaceWith(row));
  document.dispatchEvent(new CustomEvent("tarjotin:rows"));
  return fresh;
};

/* What answers. Rejects when it cannot be loaded. */
export const open = async () => {
  const whole = !start;
  const shown = whole ? pageRows(list) : drawnRows(list, start, address.blocks);
  const loading = json(address.columns).then((found) => (columns = opened(found)));
  if (whole) {
    await loading;
    await live.count(address.places, columns);
    shown.keep(await mend(shown.rows(), [...shown.rows().keys()]));
  } else {
    const first = [...start.querySelectorAll(".course-row")];
    const numbers = start.dataset.start.split(" ").map(Number);
    for (const late of [loading, mend(first, numbers)]) late.catch(() => {}); // nothing waits for these before it needs them
  }

  const { long, money, month } = wording(lang);
  const sum = (cents) => money(Number(cents), address.currency, true);

  const say = (name) => words.content.querySelector(`[data-word="${name}"]`).textContent;
  const credits = (count) => say(count === "1" ? "credit" : "credits").replace("{n}", count);
  const monthOf = (value) => {
    if (value === "nonstop") return say("nonstop");
    const [first, last] = address.year.split(" ");
    const text = month(value, first.slice(0, 7) <= value && value <= last.slice(0, 7));
    return text[0].toUpperCase() + text.slice(1);
  };

  /* The place of each title in Finnish order. */
  const titlesOf = async () => {
    if (whole) {
      const names = shown.titles();
      const order = [...new Set(names)].sort(collator.compare);
      const place = new Map();
      order.forEach((name, at) => place.set(name, at && !collator.compare(order[at - 1], name) ? place.get(order[at - 1]) : at));
      return names.map((name) => place.get(name));
    }
    titles ||= json(address.titles);
    return titles;
  };

  const answer = async (asked, current, tellTotal, tellCounts, ask) => {
    const search = asked.q ? await searcher() : null;
    const paint = (numbers, scores) => {
      const priced = asked.price.length > 0 || orderedBy(asked) === "price";
      const dress = (row) => {
        mark(row, scores ? search.marks(asked.q, row.querySelector(".course-row__link").textContent) : []);
        price(row, priced && sum(row.dataset.price.split(" ").at(asked.buyer === "outside" ? 2 : 1)));
      };
      tellTotal(numbers.length);
      return shown.paint(numbers, asked, current, dress);
    };
    const present = async (scores) => {
      if (!current()) return 0;
      if (!columns && scores && !filtered(asked) && orderedBy(asked) === "fit") await paint(byFit(found(scores), scores), scores); // before the columns have come
      await loading;
      if (asked.free.length) await live.count(address.places, columns);
      const now = live.now();
      const { numbers, counts } = find(columns, asked, now, scores, live.full);
      const titled = orderedBy(asked) === "title" ? await titlesOf() : null;
      if (!current()) return 0;
      tellCounts(counts);
      await paint(ordered(columns, numbers, asked, now, { scores, lang, titles: titled }), scores);
      return numbers.length;
    };
    if (!search) return present(null).then((count) => current() && showEmpty(asked, count, [], counted, ask));
    const full = search.rank(asked.q);
    const first = await Promise.race([full, quickly(search, asked.q, full)]);
    if ((await Promise.race([full, null])) === null) await present(first.scores);
    const { scores, nearest } = await full;
    const count = await present(scores);
    if (current()) await showEmpty(asked, count, nearest, counted, ask);
  };

  /* How many courses something else would show. */
  const counted = async (asked) => {
    const scores = asked.q ? (await (await searcher()).rank(asked.q)).scores : null;
    return find(columns, asked, live.now(), scores, live.full).numbers.length;
  };

  return {
    answer,
    warm: searcher,
    prices: async (buyer) => {
      await loading;
      return [...new Set(columns.prices.map((pair) => pair[buyer === "outside" ? 1 : 0]))].sort((a, b) => a - b).map(String);
    },
    /* A value for which the page has no box, as theme/templates/facets.html names it. */
    label: (name, value) => ({ price: sum, credits, month: monthOf })[name]?.(value) ?? value,
    days: (from, to) => `${from && long(from)}–${to && long(to)}`,
  };
};
