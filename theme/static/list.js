/* The list of courses: filters while one types or ticks. Only comfort: without this script the form goes to the service.
   It finds and counts as course_catalogue/search_index.py and theme/list_view.py do; a test compares them. */
"use strict";
(() => {
  const words = document.querySelector("[data-words]");
  const form = document.getElementById("filter");
  if (!words || !form) return;

  const FACETS = ["open", "month", "subject", "school", "mode", "language", "credits", "level"];
  const find = (mark) => document.querySelector(`[data-${mark}]`);
  const boxes = [...document.querySelectorAll(".facet__box")];
  const field = form.elements.q;
  const list = find("list");
  const title = document.title;
  const plural = (name, n) => say(n === 1 ? name : `${name}s`).replace("{n}", n);
  const say = (name) => words.content.querySelector(`[data-word="${name}"]`).textContent;

  const rows = [...document.querySelectorAll(".course-row")].map((element) => {
    const data = element.dataset;
    const runs = data.month ? data.month.split(" ").map((run) => run.split(":")) : [];
    const one = { element, n: Number(data.n), runs, level: data.level.split(" ") };
    for (const name of ["subject", "school", "mode", "language", "credits"]) one[name] = [data[name]];
    return one;
  });
  const groups = [...document.querySelectorAll("[data-group]")].map((element) => ({
    element,
    count: element.querySelector("[data-group-count]"),
    rows: rows.filter((row) => row.element.closest("[data-group]") === element),
  }));

  /* ---- what is asked: the boxes and the field, and the address ---- */

  const chosen = () => {
    const asked = { q: field.value.trim() };
    for (const name of FACETS) asked[name] = [];
    for (const box of boxes) if (box.checked) asked[box.name].push(box.value);
    return asked;
  };

  const fromAddress = () => {
    const query = new URLSearchParams(location.search);
    field.value = query.get("q") || "";
    for (const box of boxes) box.checked = query.getAll(box.name).includes(box.value);
  };

  const toAddress = (asked, push) => {
    const query = new URLSearchParams();
    if (asked.q) query.set("q", asked.q);
    for (const name of [...FACETS.slice(1), "open"]) for (const value of asked[name]) query.append(name, value);
    const text = query.toString();
    const address = location.pathname + (text && `?${text}`) + location.hash;
    if (address === location.pathname + location.search + location.hash) return;
    history[push ? "pushState" : "replaceState"](null, "", address);
  };

  /* ---- filters ---- */

  const runsOf = (row, asked) =>
    row.runs.filter(([month, state]) => (!asked.open.length || state === "open") && (!asked.month.length || asked.month.includes(month)));

  const passes = (row, asked, but) => {
    for (const name of FACETS.slice(2)) {
      if (name !== but && asked[name].length && !row[name].some((value) => asked[name].includes(value))) return false;
    }
    const heeded = { open: but === "open" ? [] : asked.open, month: but === "month" ? [] : asked.month };
    return !(heeded.open.length || heeded.month.length) || runsOf(row, heeded).length > 0;
  };

  const valuesOf = (row, name, asked) => {
    if (name === "open") return runsOf(row, { open: ["1"], month: asked.month }).length ? ["1"] : [];
    if (name === "month") return [...new Set(runsOf(row, { open: asked.open, month: [] }).map(([month]) => month))];
    return row[name];
  };

  /* ---- text: words and codes with their places, loaded on first use ---- */

  let index = null;
  let loading = null;

  const load = () => {
    loading ||= fetch(words.dataset.index)
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.status))))
      .then((text) => {
        const [some, codes] = text.split("\n\n").map(
          (part) =>
            new Map(
              part.trim().split("\n").map((line) => {
                const [word, ...places] = line.split(" ");
                let n = 0;
                return [
                  word,
                  places.map((place) => {
                    const [step, weight] = place.split(":");
                    n += Number(step);
                    return [n, Number(weight || 0) / 10];
                  }),
                ];
              }),
            ),
        );
        index = { words: some, codes };
      })
      .catch(() => {
        loading = null;
      });
    return loading;
  };

  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

  const terms = (text) => {
    const found = [];
    const rest = fold(text).replace(/(^|[^a-z0-9])([a-z]{1,5})[ -]?0*([1-9][0-9]{0,2})(?![a-z0-9])/g, (_, before, letters, digits) => {
      found.push(letters + digits);
      return `${before} `;
    });
    return [...new Set([...found, ...(rest.match(/[a-z0-9]+/g) || [])])].slice(0, 12);
  };

  /* Damerau–Levenshtein of neighbours, given up above `most`. */
  const distance = (a, b, most) => {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let before = [];
    let last = Array.from({ length: b.length + 1 }, (_, i) => i);
    for (let i = 1; i <= a.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= b.length; j += 1) {
        const same = a[i - 1] === b[j - 1] ? 0 : 1;
        let best = Math.min(row[j - 1] + 1, last[j] + 1, last[j - 1] + same);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2] + 1);
        row.push(best);
      }
      if (Math.min(...row) > most) return most + 1;
      before = last;
      last = row;
    }
    return last[b.length];
  };

  const missing = (letters, text) => letters.filter((letter) => !text.includes(letter)).length;

  const scorer = (term) => {
    const stems = term.length >= 6 ? [1, 2, 3].map((cut) => term.slice(0, -cut)).filter((stem) => stem.length >= 4) : [];
    const slips = term.length < 4 ? 0 : term.length < 8 ? 1 : 2;
    const letters = [...new Set(term)];
    return (word) => {
      if (word.startsWith(term)) return word.length === term.length ? 0 : 1;
      if (term.length >= 4 && word.includes(term)) return 2;
      if (stems.some((stem) => word.startsWith(stem))) return 3;
      if (!slips || word.length < term.length - slips || missing(letters, word) > slips) return null;
      if (word.length <= term.length + slips && distance(term, word, slips) <= slips) return 4;
      const head = word.slice(0, term.length);
      return word.length > term.length && missing(letters, head) <= slips && distance(term, head, slips) <= slips ? 4.5 : null;
    };
  };

  const places = (term) => {
    const best = new Map();
    const keep = (found, score) => {
      for (const [n, weight] of found || []) best.set(n, Math.min(score + weight, best.has(n) ? best.get(n) : Infinity));
    };
    if (/[0-9]/.test(term)) {
      keep(index.codes.get(term), 0);
      keep(index.words.get(term), 0);
      return best;
    }
    const score = scorer(term);
    for (const [word, found] of index.words) {
      const fits = score(word);
      if (fits !== null) keep(found, fits);
    }
    return best;
  };

  /* Course number → how well it fits, the less the better; null when nothing was asked. */
  const ranked = (text) => {
    const all = terms(text);
    if (!all.length || !index) return null;
    return all.map(places).reduce((total, found) => new Map([...total].filter(([n]) => found.has(n)).map(([n, s]) => [n, s + found.get(n)])));
  };

  /* ---- showing ---- */

  const count = (asked, scores, but) => rows.filter((row) => (!scores || scores.has(row.n)) && passes(row, asked, but)).length;

  const showFacets = (asked, scores) => {
    for (const name of FACETS) {
      const counts = new Map();
      for (const row of rows) {
        if ((scores && !scores.has(row.n)) || !passes(row, asked, name)) continue;
        for (const value of valuesOf(row, name, asked)) counts.set(value, (counts.get(value) || 0) + 1);
      }
      for (const box of boxes.filter((one) => one.name === name)) {
        const row = box.closest(".facet__row");
        const n = counts.get(box.value) || 0;
        row.querySelector("[data-count]").textContent = n;
        row.classList.toggle("facet__row--none", n === 0);
      }
    }
  };

  const showRows = (asked, scores) => {
    let shown = 0;
    for (const group of groups) {
      let here = 0;
      group.best = Infinity;
      for (const row of group.rows) {
        const fits = (!scores || scores.has(row.n)) && passes(row, asked);
        row.element.hidden = !fits;
        if (!fits) continue;
        here += 1;
        if (scores) group.best = Math.min(group.best, scores.get(row.n));
      }
      group.element.hidden = here === 0;
      group.count.textContent = here;
      const order = scores ? [...group.rows].sort((a, b) => (scores.get(a.n) ?? 99) - (scores.get(b.n) ?? 99) || a.n - b.n) : group.rows;
      if (scores || group.mixed) order[0].element.parentElement.append(...order.map((row) => row.element));
      group.mixed = Boolean(scores);
      shown += here;
    }
    if (scores || list.mixed) list.append(...(scores ? [...groups].sort((a, b) => a.best - b.best) : groups).map((group) => group.element));
    list.mixed = Boolean(scores);
    list.hidden = shown === 0;
    return shown;
  };

  const labelOf = (box) => box.closest(".facet__row").querySelector(".facet__label").textContent;

  const showChips = () => {
    const chips = find("chips");
    chips.replaceChildren(
      ...boxes.filter((box) => box.checked).map((box) => {
        const item = document.createElement("li");
        const chip = document.createElement("button");
        chip.type = "button";
        chip.className = "chip";
        const hidden = document.createElement("span");
        hidden.className = "visually-hidden";
        hidden.textContent = `${say("remove")} `;
        chip.append(hidden, labelOf(box), words.content.querySelector("svg").cloneNode(true));
        chip.addEventListener("click", () => {
          box.checked = false;
          show(true);
          (chips.querySelector("button") || find("total")).focus();
        });
        item.append(chip);
        return item;
      }),
    );
    chips.hidden = !chips.children.length;
  };

  const showEmpty = (asked, shown, scores) => {
    find("empty").hidden = shown > 0;
    if (shown > 0) return;
    const filtered = FACETS.some((name) => asked[name].length);
    find("empty-text").textContent = [asked.q && say("searched").replace("{text}", asked.q), filtered && say("filtered")].filter(Boolean).join(" ");
    const nothing = Object.fromEntries(FACETS.map((name) => [name, []]));
    const ways = [];
    if (asked.q && filtered) {
      ways.push(["clear-search", true, false, count(asked, null)], ["clear-filters", false, true, count(nothing, scores)]);
    }
    if (!ways.some((way) => way[3])) ways.push([asked.q && filtered ? "clear-all" : asked.q ? "clear-search" : "clear-filters", true, true, rows.length]);
    find("ways-out").replaceChildren(
      ...ways.filter((way) => way[3]).map(([name, search, filters, n]) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn--secondary";
        button.textContent = `${say(name)} – ${plural("course", n)}`;
        button.addEventListener("click", () => {
          if (search) field.value = "";
          if (filters) for (const box of boxes) box.checked = false;
          show(true);
          field.focus();
        });
        return button;
      }),
    );
  };

  let telling = 0;

  const show = (push, keepAddress) => {
    const asked = chosen();
    const scores = ranked(asked.q);
    const shown = showRows(asked, scores);
    const text = plural("course", shown);
    const narrowed = asked.q || FACETS.some((name) => asked[name].length);
    showFacets(asked, scores);
    showChips();
    showEmpty(asked, shown, scores);
    find("total").textContent = text;
    find("show").textContent = plural("show-course", shown);
    document.title = narrowed ? `${text} – ${title}` : title;
    if (!keepAddress) toAddress(asked, push);
    clearTimeout(telling);
    telling = setTimeout(() => {
      const status = find("status");
      if (status.textContent || narrowed) status.textContent = text;
    }, 700);
  };

  /* ---- the sheet of a phone: back closes it, what was chosen in it stays ---- */

  const isSheet = () => location.hash === "#filters";
  let wasSheet = isSheet();

  const hideBehind = () => {
    const covers = isSheet() && getComputedStyle(document.getElementById("filters")).position === "fixed";
    for (const one of document.querySelectorAll(".site-header, .hero, .results, .site-footer")) one.inert = covers;
  };

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
    fromAddress();
    (field.value ? load() : Promise.resolve()).then(() => show(false, true));
  });

  field.addEventListener("focus", load, { once: true });
  field.addEventListener("input", () => (index ? show(false) : load().then(() => show(false))));
  for (const box of boxes) box.addEventListener("change", () => show(!isSheet()));
  form.addEventListener("submit", (event) => {
    if (!index && field.value.trim()) return; // the words could not be loaded: let the service search
    event.preventDefault();
    if (isSheet()) leaveSheet();
    else document.getElementById("results").focus();
  });

  fromAddress();
  hideBehind();
  if (field.value) load().then(() => show(false, true));
  else if (location.search) show(false, true);
})();
