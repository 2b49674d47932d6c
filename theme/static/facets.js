/* Which courses are meant, how many every choice would show, and in which order: over the columns of all courses.
   It finds, counts and orders as course_catalogue/facet.py and theme/list_order.py do; a test compares them. */
import { orderedBy } from "./address.js";
import { isToCome, stateOf, toldOf, windowOf } from "./runs.js";

const OF_COURSE = ["subject", "module", "school", "mode", "language", "credits", "level"];
const OPEN = 1, FREE = 2, MONTH = 4, STARTS = 8, PRICE = 16; // the filters that must hold for one and the same run

/* The columns as tray_site/files/list_data.py wrote them, with the place of each course's first run. */
export const opened = (found) => {
  const first = new Uint32Array(found.runs.length + 1);
  found.runs.forEach((count, n) => (first[n + 1] = first[n] + count));
  return { ...found, size: found.runs.length, first, windows: found.windows.map(windowOf) };
};

/* Of each combination of values that courses have, whether one of the wanted values is among them; null when all will do. */
const passing = ({ values, sets }, wanted) => {
  if (!wanted.length) return null;
  const places = new Set(wanted.map((value) => values.indexOf(value)));
  return sets.map((set) => set.some((place) => places.has(place)));
};

const add = (counts, value, n) => counts.set(value, (counts.get(value) || 0) + n);

/* `scores`: of each course whether the text finds it and how well, as search.js says; null when there is no text.
   `full`: by run, whether nobody can get a place any more; null when that is not known.
   The numbers of the courses that fit, and of each filter how many courses a value would show if it were chosen alone. */
export const find = (columns, asked, now, scores, full) => {
  const { windows, first } = columns;
  const cents = columns.prices.map((pair) => String(pair[asked.buyer === "outside" ? 1 : 0]));
  const filters = OF_COURSE.map((name) => columns.filters[name]);
  const passes = OF_COURSE.map((name, k) => passing(filters[k], asked[name]));
  const ofRuns = Boolean(asked.open.length || asked.free.length || asked.month.length || asked.from || asked.to || asked.price.length);
  const states = windows.map((one) => stateOf(one, now));
  const coming = windows.map((one, place) => isToCome(one, states[place], now));
  const fails = windows.map((one, place) => failsOf(one, states[place], asked));
  const dear = cents.map((one) => (asked.price.length && !asked.price.includes(one) ? PRICE : 0));
  const ofRun = tallyOnce();
  const [isOpen, isFree] = [ofRun.place("open", "1"), ofRun.place("free", "1")];
  const months = windows.map((one) => ofRun.place("month", one.month));
  const sums = cents.map((one) => ofRun.place("price", one));
  const tallies = filters.map(({ sets }) => new Uint32Array(sets.length));
  const numbers = [];

  const look = (n) => {
    let failed = -1;
    for (let k = 0; k < OF_COURSE.length; k += 1) {
      if (!passes[k] || passes[k][filters[k].of[n]]) continue;
      if (failed >= 0) return;
      failed = k;
    }
    let holds = !ofRuns;
    if (failed < 0 || ofRuns) {
      for (let run = first[n]; run < first[n + 1]; run += 1) {
        const place = columns.window[run];
        if (!coming[place]) continue;
        const free = states[place] !== "closed" && !full?.[run];
        const failing = fails[place] | dear[columns.price[run]] | (asked.free.length && !free ? FREE : 0);
        if (!failing) holds = true;
        if (failed >= 0) continue;
        if (!(failing & ~OPEN) && states[place] === "open") ofRun.count(isOpen, n);
        if (!(failing & ~FREE) && free) ofRun.count(isFree, n);
        if (!(failing & ~MONTH)) ofRun.count(months[place], n);
        if (!(failing & ~PRICE)) ofRun.count(sums[columns.price[run]], n);
      }
    }
    if (!holds) return;
    if (failed >= 0) tallies[failed][filters[failed].of[n]] += 1;
    else {
      numbers.push(n);
      for (let k = 0; k < OF_COURSE.length; k += 1) tallies[k][filters[k].of[n]] += 1;
    }
  };

  for (let n = 0; n < columns.size; n += 1) if (!scores || scores[n]) look(n);
  const counts = ofRun.counts({ open: new Map(), free: new Map(), month: new Map(), price: new Map() });
  OF_COURSE.forEach((name, k) => (counts[name] = spread(filters[k], tallies[k])));
  return { numbers, counts };
};

/* The filters that a run fails whatever its price and its places. */
const failsOf = (run, state, asked) =>
  (asked.open.length && state !== "open" ? OPEN : 0) |
  (asked.month.length && !asked.month.includes(run.month) ? MONTH : 0) |
  ((asked.from && run.last < asked.from) || (asked.to && run.first > asked.to) ? STARTS : 0);

/* Counts the courses that have a value in any run: one is counted once, however many of its runs have it. */
const tallyOnce = () => {
  const places = new Map();
  const values = [];
  const tally = [];
  const last = []; // course that was counted
  return {
    place: (name, value) => {
      const key = `${name} ${value}`;
      if (!places.has(key)) {
        places.set(key, values.push([name, value]) - 1);
        tally.push(0);
        last.push(-1);
      }
      return places.get(key);
    },
    count: (place, n) => {
      if (last[place] === n) return;
      last[place] = n;
      tally[place] += 1;
    },
    counts: (counts) => {
      values.forEach(([name, value], place) => tally[place] && counts[name].set(value, tally[place]));
      return counts;
    },
  };
};

const spread = ({ values, sets }, tally) => {
  const counts = new Map();
  sets.forEach((set, place) => {
    if (tally[place]) for (const value of set) add(counts, values[value], tally[place]);
  });
  return counts;
};

/* The numbers in the order that is asked for; equal ones stay. `titles` tells the place of each title, `lang` the reader's language. */
export const ordered = (columns, numbers, asked, now, { scores, titles, lang }) => {
  const by = orderedBy(asked);
  if (by === "subject") return numbers;
  if (by === "fit") return byFit(numbers, scores);
  const key = { title: () => (n) => titles[n], school: schoolKey, start: startKey, price: priceKey }[by](columns, now, asked, lang);
  const keys = new Map(numbers.map((n) => [n, key(n)]));
  return [...numbers].sort((a, b) => compared(keys.get(a), keys.get(b)) || a - b);
};

/* Costs are small whole numbers, so no course need be compared with another. */
export const byFit = (numbers, scores) => {
  const found = [];
  for (const n of numbers) (found[scores?.[n] ?? 0] ||= []).push(n);
  return found.flat();
};

const compared = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/* Finnish order, whatever the page's language. */
export const collator = new Intl.Collator("fi", { numeric: true, sensitivity: "base" });

const schoolKey = (columns, _now, _asked, lang) => {
  const { values, sets, of } = columns.filters.school;
  const names = values.map((id) => columns.schools[id][lang]);
  const order = [...new Set(names)].sort(collator.compare);
  const place = names.map((name) => order.findIndex((one) => collator.compare(one, name) === 0));
  return (n) => place[sets[of[n]][0]];
};

/* The run that the row of a course tells about, if it is still to come; else -1. */
const told = (columns, now) => {
  const states = columns.windows.map((one) => stateOf(one, now));
  return (n) => {
    const places = Array.from(columns.window.slice(columns.first[n], columns.first[n + 1]));
    const run = toldOf(places.map((place) => columns.windows[place]), places.map((place) => states[place]));
    return isToCome(columns.windows[places[run]], states[places[run]], now) ? columns.first[n] + run : -1;
  };
};

/* Those with a first day by it, then those that can be started at any time, then those that cannot any more. */
const startKey = (columns, now) => {
  const run = told(columns, now);
  return (n) => {
    const place = run(n);
    if (place < 0) return "~~";
    const window = columns.windows[columns.window[place]];
    return window.begun ? window.first : "~";
  };
};

const priceKey = (columns, now, asked) => {
  const run = told(columns, now);
  return (n) => {
    const place = run(n);
    return place < 0 ? Infinity : columns.prices[columns.price[place]][asked.buyer === "outside" ? 1 : 0];
  };
};
