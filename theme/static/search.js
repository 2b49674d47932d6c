/* The search, without the page: which courses a query finds, and how well. It loads the parts of the index that it needs.
   It finds what course_catalogue/search finds, in the same order; a test compares them. What is said there is not said again.

   const engine = await open(address);
   const { scores, words, nearest } = await engine.rank(text);           all of the index
   const { scores } = await engine.rank(text, { quick: true });         names only: titles, codes, keywords, subjects, schools, teachers
   engine.marks(text, title)                                             after rank(text): [[from, to], …]

   `scores` has a number for each course: one more than what it costs to find it, 0 where it is not found. Null when the text asks
   for nothing. */

const OTHER = 4, PREFIX = 5, STEM = 10, HALVES = 12, SLIP = 30, SLIP_IN_PREFIX = 35;
const MOST_PARTS = 8;
const SHORTEST = [2, 3];
const STEM_LETTERS = 4, ENDING = 4, LOST = 2;
const MOST_WORDS = 12, MOST_NEAREST = 3;
const ASKED = /(^|[^\p{L}\p{N}])([a-z]{1,5})([ -]?)([0-9]{1,3})(?:[-–]([0-9]{1,2}))?(?:\.(?:[0-9]{1,2}|[a-z]{2}))?\.?(?![\p{L}\p{N}])/gu;
const WORD = /[\p{L}\p{N}]+/gu;
const MARKED = /(?:[\p{L}\p{N}]|[\u0300-\u036f])+/gu;
const PLAIN = { ß: "ss", æ: "a", œ: "o", ø: "o", đ: "d", ð: "d", þ: "t", ŧ: "t", ŋ: "n", ł: "l", ǥ: "g", ʒ: "z", ʹ: "", ʼ: "" };
const PLAINED = /[ßæœøđðþŧŋłǥʒʹʼ]/gu;
const ASCII = /^[\x00-\x7f]*$/;

const BASE = 32, SEMICOLON = ";".charCodeAt(0);
const VALUES = [];
[..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"].forEach((digit, value) => (VALUES[digit.charCodeAt(0)] = value));

/* ---- words ---- */

export const fold = (text) => {
  const small = text.toLowerCase();
  if (ASCII.test(small)) return small;
  const plain = (one) => PLAIN[one];
  return small.replace(PLAINED, plain).normalize("NFD").replace(/\p{M}/gu, "").replace(PLAINED, plain);
};

const isExact = (word) => /\p{N}/u.test(word);

const shared = (one, other) => {
  let count = 0;
  while (count < one.length && count < other.length && one[count] === other[count]) count += 1;
  return count;
};

/* Damerau–Levenshtein of neighbours; `limit` when there are as many or more. */
const distance = (one, other, limit) => {
  if (Math.abs(one.length - other.length) >= limit) return limit;
  let before = [];
  let last = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= other.length; j += 1) {
      let best = Math.min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) best = Math.min(best, before[j - 2] + 1);
      row.push(best);
      least = Math.min(least, best);
    }
    if (least >= limit) return limit;
    before = last;
    last = row;
  }
  return Math.min(last[other.length], limit);
};

const stemLetters = (word) => Math.max(STEM_LETTERS, word.length - 3 - (word.length > 7) - (word.length > 11));

const slipsAllowed = (asked) => (asked.length < 4 ? 0 : asked.length < 8 ? 1 : 2);

const slipIn = (asked, letters, word) => {
  const slips = slipsAllowed(asked);
  if (!slips || word.length < asked.length - slips) return null;
  let missing = 0;
  for (const letter of letters) if (!word.includes(letter) && (missing += 1) > slips) return null;
  if (word.length <= asked.length + slips && distance(asked, word, slips + 1) <= slips) return SLIP;
  return word.length > asked.length && distance(asked, word.slice(0, asked.length), slips + 1) <= slips ? SLIP_IN_PREFIX : null;
};

/* ---- the words of a query ---- */

const spellings = (letters, digits) => {
  const found = [letters + (digits.replace(/^0+/, "") || "0")];
  for (let place = 1; place < digits.length; place += 1) {
    if (digits[0] !== "0" && digits[place] === "0" && /[1-9]/.test(digits.slice(place))) {
      found.push(letters + digits.slice(0, place) + digits.slice(place).replace(/^0+/, ""));
    }
  }
  return [...new Set(found)];
};

export const askedWords = (typed) => {
  const text = typed.normalize("NFC");
  let plain = "";
  for (const one of text) plain += ((fold(one) || " ")[0]).padEnd(one.length, " ");
  const found = [];
  const rest = plain.replace(ASKED, (whole, before, letters, gap, digits, last, start) => {
    const at = start + before.length;
    for (const number of [digits, last].filter(Boolean)) {
      const apart = gap === " " ? [letters, number] : [];
      found.push({ at, typed: letters.toUpperCase() + number, spellings: spellings(letters, number), apart });
    }
    return " ".repeat(whole.length);
  });
  for (const match of rest.matchAll(WORD)) {
    const word = text.slice(match.index, match.index + match[0].length);
    found.push({ at: match.index, typed: word, spellings: [fold(word)], apart: [] });
  }
  found.sort((one, other) => one.at - other.at);
  const each = new Map();
  for (const one of found) if (one.spellings[0]) each.set(one.spellings.join(" "), one);
  return [...each.values()].slice(0, MOST_WORDS);
};

/* ---- a table of words, in parts that are loaded once ---- */

const byCode = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

const entriesOf = (text) => {
  const found = new Map();
  for (const line of text ? text.split("\n") : []) {
    const blank = line.indexOf(" ");
    const head = blank < 0 ? line : line.slice(0, blank);
    const [shown, ...forms] = head.split("=");
    const word = fold(shown);
    const bases = forms.map((form) => {
      const cut = /^[0-9]+/.exec(form)[0];
      return word.slice(0, word.length - Number(cut)) + form.slice(cut.length);
    });
    found.set(word, { shown, bases, text: blank < 0 ? "" : line.slice(blank + 1), places: null });
  }
  return found;
};

/* Course numbers, each followed by its cost. */
const placesOf = (entry) => {
  if (entry.places) return entry.places;
  const { text } = entry;
  const found = [];
  let cost = -1;
  let last = -1;
  let value = 0;
  let run = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (cost < 0) cost = parseInt(text[at], 36);
    else if (code === SEMICOLON) {
      cost = last = -1;
    } else {
      const digit = VALUES[code];
      value = value * BASE + (digit % BASE);
      if (digit >= BASE) continue;
      if (run) for (; value > 0; value -= 1) found.push((last += 1), cost);
      else if (value) found.push((last += value), cost);
      run = !run && value === 0;
      value = 0;
    }
  }
  entry.places = found;
  return found;
};

class Table {
  constructor({ starts, files }) {
    this.starts = starts;
    this.files = files;
    this.parts = files.map(() => null);
    this.loading = files.map(() => null);
  }

  /* The number of the first start that is not less than a word. */
  #bound(word, orEqual) {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = byCode(this.starts[middle], word);
      if (order < 0 || (orEqual && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  partOf(word) {
    return this.#bound(word, true) - 1;
  }

  partsFrom(beginning) {
    const first = this.partOf(beginning);
    let last = first + 1;
    while (last < this.starts.length && this.starts[last].startsWith(beginning)) last += 1;
    return Array.from({ length: last - first }, (_, place) => first + place);
  }

  scope(word) {
    for (const letters of [0, 1, 2]) {
      const parts = this.partsFrom(word.slice(0, letters));
      if (parts.length <= MOST_PARTS) return parts;
    }
    return [this.partOf(word)];
  }

  load(parts) {
    return Promise.all(
      [...new Set(parts)].map((part) => {
        if (this.parts[part]) return this.parts[part];
        this.loading[part] ||= fetch(this.files[part])
          .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(`${answer.status} ${this.files[part]}`))))
          .then((text) => (this.parts[part] = entriesOf(text)))
          .finally(() => {
            this.loading[part] = null;
          });
        return this.loading[part];
      }),
    );
  }

  /* The entry of a word whose part has been loaded. */
  entry(word) {
    return this.parts[this.partOf(word)].get(word);
  }
}

/* ---- what one word finds ---- */

/* What it costs to find a course by both. */
const both = (one, other, more) => one.map((cost, number) => (cost && other[number] ? cost + other[number] - 1 + more : 0));

class Search {
  constructor(tables, courses) {
    this.tables = tables;
    this.costs = new Uint16Array(courses); // as the scores: a beginning may meet all courses many times
    this.none = true;
    this.means = new Set();
  }

  better(entry, more) {
    const places = placesOf(entry);
    const { costs } = this;
    for (let at = 0; at < places.length; at += 2) {
      const cost = places[at + 1] + more + 1;
      const known = costs[places[at]];
      if (known === 0 || cost < known) costs[places[at]] = cost;
    }
    this.none &&= !places.length;
  }

  async same(word) {
    await Promise.all(this.tables.map((table) => table.load([table.partOf(word)])));
    const met = this.tables.map((table) => table.entry(word)).filter(Boolean);
    for (const entry of met) this.better(entry, 0);
    const more = met.some((entry) => entry.text) ? OTHER : 0;
    const bases = new Map(met.flatMap((entry) => entry.bases.map((base) => [base, more])));
    await this.takeBases(bases);
    this.means.add(word);
    for (const base of bases.keys()) this.means.add(base);
    return met.length > 0;
  }

  async beginnings(word) {
    let begun = null;
    for (const [number, table] of this.tables.entries()) {
      const parts = table.partsFrom(word);
      if (word.length < SHORTEST[number] || parts.length > MOST_PARTS) continue;
      const found = [];
      const forms = [];
      for (const part of await table.load(parts)) {
        for (const [one, entry] of part) {
          if (one !== word && one.startsWith(word)) found.push([entry, one, PREFIX]);
          if (entry.bases.some((base) => this.means.has(base))) forms.push(one);
        }
      }
      await this.take(found);
      for (const one of forms) this.means.add(one);
      if (number === 0) begun = found.length > 0;
    }
    return begun;
  }

  async stems(word) {
    const letters = stemLetters(word);
    for (const table of this.tables) {
      const parts = table.partsFrom(word.slice(0, letters));
      if (letters >= word.length || parts.length > MOST_PARTS) continue;
      const found = [];
      for (const part of await table.load(parts)) {
        for (const [one, entry] of part) {
          const alike = shared(one, word);
          if (letters <= alike && alike < word.length && one.length - alike <= ENDING) found.push([entry, one, STEM + word.length - alike]);
        }
      }
      for (const one of await this.take(found)) this.means.add(one);
    }
  }

  async halves(word) {
    for (let place = word.length - 3; place > 2; place -= 1) {
      const first = new Search(this.tables, this.costs.length);
      const last = new Search(this.tables, this.costs.length);
      const known = (await first.same(word.slice(0, place))) || (word[place - 1] === "s" && (await first.same(word.slice(0, place - 1))));
      if (!known || !(await last.same(word.slice(place)))) continue;
      this.costs = both(first.costs, last.costs, HALVES); // nothing else was found
      this.none = !this.costs.some(Boolean);
      for (const one of [...first.means, ...last.means]) this.means.add(one);
      return;
    }
  }

  async slips(word) {
    const letters = new Set(word);
    for (const [number, table] of this.tables.entries()) {
      if (number > 0 && !this.none) continue;
      const found = [];
      for (const part of await table.load(table.scope(word))) {
        for (const [one, entry] of part) {
          const cost = slipIn(word, letters, one);
          if (cost !== null) found.push([entry, one, cost]);
        }
      }
      for (const one of await this.take(found)) this.means.add(one);
    }
  }

  async take(found) {
    const bases = new Map();
    const taken = new Set();
    for (const [entry, one, cost] of found) {
      taken.add(one);
      this.better(entry, cost);
      for (const base of entry.bases) bases.set(base, Math.min(cost, bases.get(base) ?? cost));
    }
    await this.takeBases(bases);
    for (const base of bases.keys()) taken.add(base);
    return taken;
  }

  async takeBases(bases) {
    for (const table of this.tables) {
      const parts = new Set([...bases.keys()].map((base) => table.partOf(base)));
      if (parts.size > MOST_PARTS) continue;
      await table.load(parts);
      for (const [base, cost] of bases) {
        const entry = table.entry(base);
        if (entry) this.better(entry, cost);
      }
    }
  }
}

const readingOf = async (tables, courses, asked) => {
  const search = new Search(tables, courses);
  let begun = false;
  if (isExact(asked.spellings[0])) {
    for (const word of asked.spellings) if (await search.same(word)) break;
  } else {
    const word = asked.spellings[0];
    const known = await search.same(word);
    begun = await search.beginnings(word);
    if (!known) {
      await search.stems(word);
      if (search.none) await search.halves(word);
      if (!begun) await search.slips(word);
    }
  }
  return { asked, costs: begun === null && search.none ? null : search.costs, none: search.none, means: search.means };
};

const readingsOf = async (tables, courses, text) => {
  const read = async (asked) => {
    const reading = await readingOf(tables, courses, asked);
    if (!reading.none || !asked.apart.length) return [reading];
    return Promise.all(asked.apart.map((word) => readingOf(tables, courses, { typed: word, spellings: [word], apart: [] })));
  };
  return (await Promise.all(askedWords(text).map(read))).flat();
};

const scoresOf = (readings) => {
  const found = readings.map((reading) => reading.costs).filter(Boolean);
  return found.length ? found.reduce((one, other) => both(one, other, 0)) : null;
};

/* ---- what was meant ---- */

const nearTo = async (table, reading) => {
  const word = reading.asked.spellings[0];
  const exact = isExact(word);
  const limit = exact ? 1 : Math.max(2, Math.floor(word.length / 3));
  const near = [];
  for (const part of await table.load(table.scope(word))) {
    for (const [one, entry] of part) {
      if (!entry.text || one.length < 3 || isExact(one) !== exact) continue;
      const slips = distance(word, one, limit + 1);
      if (slips <= limit) near.push([slips, Math.abs(one.length - word.length), one, entry.shown]);
    }
  }
  near.sort((a, b) => a[0] - b[0] || a[1] - b[1] || byCode(a[2], b[2]));
  return near.slice(0, MOST_NEAREST).map((one) => one[3]);
};

const nearestOf = async (table, readings) => {
  const choices = new Map();
  for (const [number, reading] of readings.entries()) {
    if (reading.costs && reading.none) choices.set(number, await nearTo(table, reading));
  }
  if (!choices.size || [...choices.values()].some((near) => !near.length)) return [];
  const [first, ...others] = choices.keys();
  const words = readings.map((reading) => reading.asked.typed);
  for (const number of others) words[number] = choices.get(number)[0];
  return choices.get(first).map((near) => words.map((word, number) => (number === first ? near : word)).join(" "));
};

/* ---- marks ---- */

const isForm = (word, base) => {
  const alike = shared(word, base);
  return alike >= Math.max(STEM_LETTERS, base.length - LOST) && word.length - alike <= ENDING;
};

const inside = (word, means) => {
  let best = null;
  for (const one of means) {
    for (let place = 1; place <= word.length - STEM_LETTERS; place += 1) {
      const alike = shared(word.slice(place), one);
      if (alike < Math.max(STEM_LETTERS, one.length - LOST)) continue;
      const end = word.length - place - alike <= ENDING ? word.length : place + alike;
      if (!best || end - place > best[1] - best[0] || (end - place === best[1] - best[0] && place < best[0])) best = [place, end];
    }
  }
  return best;
};

const hitOf = ({ asked, means }, word) => {
  if (means.has(word)) return [0, word.length];
  for (const one of means) if (isForm(word, one)) return [0, word.length];
  const typed = asked.spellings[0];
  if (isExact(typed)) return null;
  if (word.startsWith(typed)) return [0, typed.length];
  return inside(word, new Set([typed, ...means]));
};

const placeIn = (text, letters) => {
  let folded = 0;
  let place = 0;
  for (const one of text) {
    if (folded >= letters) return place;
    folded += fold(one).length;
    place += one.length;
  }
  return text.length;
};

const marksOf = (readings, title) => {
  const ranges = [];
  for (const match of title.matchAll(MARKED)) {
    const word = fold(match[0]);
    const hits = readings.map((reading) => hitOf(reading, word)).filter(Boolean);
    if (!hits.length) continue;
    const first = Math.min(...hits.map((hit) => hit[0]));
    const last = Math.max(...hits.map((hit) => hit[1]));
    const end = last === word.length ? match[0].length : placeIn(match[0], last);
    ranges.push([match.index + placeIn(match[0], first), match.index + end]);
  }
  return ranges;
};

/* ---- the engine ---- */

const loaded = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.json();
};

export async function open(address) {
  const manifest = await loaded(address);
  const names = new Table(manifest.names);
  let texts = null;
  const textsToo = async () => {
    texts ||= loaded(manifest.texts).then((found) => new Table(found));
    texts.catch(() => (texts = null));
    return [names, await texts];
  };
  const known = new Map(); // the readings of the last queries, for their marks

  return {
    courses: manifest.courses,

    async rank(text, { quick = false } = {}) {
      const readings = await readingsOf(quick ? [names] : await textsToo(), manifest.courses, text);
      if (!quick || !known.has(text)) {
        known.delete(text);
        known.set(text, readings);
      }
      if (known.size > 8) known.delete(known.keys().next().value);
      return {
        scores: scoresOf(readings),
        words: readings.map((reading) => reading.asked.typed),
        nearest: quick ? [] : await nearestOf(names, readings),
      };
    },

    marks(text, title) {
      return marksOf(known.get(text) ?? [], title);
    },
  };
}
