/* The teacher's table of grades: moving by keys as in a spreadsheet, pasting from one, and what was not saved is kept.
   Only comfort: without it the table is a form, and the server is the judge of every grade. */
"use strict";
(() => {
  const form = document.querySelector("[data-diary]");
  if (!form) return;
  const words = JSON.parse(form.dataset.words);
  const state = form.querySelector("[data-state]");
  const found = document.querySelector("[data-paste]");
  const rows = [...form.querySelectorAll("[data-row]")];
  const fieldsOf = (row) => [...row.querySelectorAll("input:not([type=hidden]):not([type=checkbox]), select")];
  const gradesOf = (row) => [...row.querySelectorAll("[data-grade]")];
  const typed = (field) => field.tagName === "SELECT"
    ? !([...field.options].find((one) => one.defaultSelected) ?? field.options[0]).selected
    : field.value !== field.defaultValue;
  for (const one of document.querySelectorAll("[data-shown]")) one.hidden = false;

  /* Each grade is looked at when it has been typed. */
  const tidy = (text) => text.trim().toUpperCase();
  const isGrade = (text) => /^([4-9]|10|[SHOTK])?$/.test(tidy(text));
  function judge(field) {
    const value = tidy(field.value);
    const right = !value || value === "T" || value === "K" || field.dataset.allowed.split(" ").includes(value);
    const cell = field.parentElement;
    let error = cell.querySelector(".field__error");
    cell.classList.toggle("field--bad", !right);
    if (right) {
      error?.remove();
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
      return;
    }
    if (!error) {
      error = document.createElement("p");
      error.className = "field__error";
      cell.append(error);
    }
    error.id = `${field.id}-error`;
    error.textContent = words.bad.replace("{scale}", field.dataset.scale);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", error.id);
  }
  function enter(field, text) {
    field.value = tidy(text);
    judge(field);
  }

  /* What was not saved is kept in this tab until it is, by row, for as long as the row is as it was. */
  const cameBack = (row) => !row.querySelector("[name^=was-]").value; // refused: stands in the form alone
  const key = `diary ${location.pathname}`;
  const stamp = (row) => row.querySelector("[name^=seen-]").value;
  let leaving = false;
  function keep() {
    const kept = {};
    for (const row of rows) {
      const changed = cameBack(row) ? fieldsOf(row) : fieldsOf(row).filter(typed);
      if (changed.length) kept[row.dataset.row] = { seen: stamp(row), fields: changed.map((field) => [field.name, field.value]) };
    }
    const some = Object.keys(kept).length > 0;
    state.textContent = some ? words.unsaved : "";
    try {
      if (some) sessionStorage.setItem(key, JSON.stringify(kept));
      else sessionStorage.removeItem(key);
    } catch { /* a browser that keeps nothing: the warning on leaving stays */ }
    return some;
  }
  function bringBack() {
    let kept;
    try {
      kept = JSON.parse(sessionStorage.getItem(key) ?? "{}");
    } catch {
      return;
    }
    let some = false;
    for (const row of rows) {
      const before = kept[row.dataset.row];
      if (!before || before.seen !== stamp(row)) continue;
      for (const [name, value] of before.fields) {
        const field = form.elements.namedItem(name);
        if (!field || field.value === value) continue;
        field.value = value;
        if ("grade" in field.dataset) judge(field);
        some = true;
      }
    }
    if (keep() && some) state.textContent = words.kept;
  }
  if (state) {
    bringBack();
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    form.addEventListener("submit", () => {
      leaving = true;
    });
    addEventListener("beforeunload", (event) => {
      if (!leaving && keep()) event.preventDefault();
    });
    addEventListener("pageshow", () => {
      leaving = false;
    });
  }
  // While it is typed, not on leaving the cell: a sentence that appears then would move the button away from under the pointer.
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (field.matches("[data-grade]") && field.value !== "1") judge(field); // half of a ten
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-grade]")) enter(event.target, event.target.value);
  });

  /* Enter and the arrows move from cell to cell. */
  function move(field, down, across) {
    const row = field.closest("[data-row]");
    if (across) {
      const fields = fieldsOf(row);
      return fields[fields.indexOf(field) + across];
    }
    const column = field.name.replace(/-\d+$/, "");
    for (let place = rows.indexOf(row) + down; rows[place]; place += down) {
      const other = form.elements.namedItem(`${column}-${rows[place].dataset.row}`);
      if (other) return other;
    }
    return null;
  }
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.closest("[data-row]") || field.type === "checkbox" || event.altKey || event.ctrlKey || event.metaKey) return;
    const plain = field.tagName === "INPUT" && field.type === "text";
    const whole = plain && field.selectionStart === 0 && field.selectionEnd === field.value.length;
    const steps = { Enter: [event.shiftKey ? -1 : 1, 0] };
    if (plain) Object.assign(steps, { ArrowDown: [1, 0], ArrowUp: [-1, 0] });
    if (plain && (whole || field.selectionStart === field.value.length)) steps.ArrowRight = [0, 1];
    if (plain && (whole || field.selectionEnd === 0)) steps.ArrowLeft = [0, -1];
    const step = steps[event.key];
    if (!step) return;
    const next = move(field, ...step);
    if (event.key === "Enter" || next) event.preventDefault();
    if (!next) return;
    next.focus();
    if (next.tagName === "INPUT" && next.type === "text") next.select();
  });

  /* Paste: grades fill the cells from here on; names with grades are matched, and shown before they are taken. */
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll(",", " ").split(/\s+/).filter(Boolean);
  const name = (text) => folded(text).sort().join(" ");
  function fill(from, lines) {
    let row = rows.indexOf(from.closest("[data-row]"));
    const first = gradesOf(rows[row]).indexOf(from);
    for (const cells of lines) {
      if (!rows[row]) break;
      const fields = gradesOf(rows[row]).slice(first);
      cells.slice(0, fields.length).forEach((text, place) => enter(fields[place], text));
      row += 1;
    }
    keep();
  }
  function match(lines) {
    const result = { taken: [], lost: [], twice: [] };
    for (const cells of lines) {
      const grades = [];
      while (cells.length > 1 && isGrade(cells.at(-1))) grades.unshift(cells.pop());
      const who = cells.filter(Boolean);
      if (!who.length || (!grades.length && lines[0] === cells)) continue;
      const address = who.find((cell) => cell.includes("@"))?.toLowerCase();
      const names = new Set([...who.map(name), name(who.slice(0, 2).join(" "))]);
      const meant = rows.filter((row) => (address ? row.dataset.email.toLowerCase() === address : names.has(name(row.dataset.name))));
      if (meant.length === 1) result.taken.push([meant[0], grades]);
      else (meant.length ? result.twice : result.lost).push(who.join(" "));
    }
    return result;
  }
  function say(text, parent) {
    const line = document.createElement("p");
    line.textContent = text;
    parent.append(line);
    return line;
  }
  function button(text, look, press) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `btn ${look}`;
    made.textContent = text;
    made.addEventListener("click", press);
    return made;
  }
  function ask(result, field) {
    found.replaceChildren();
    say(words.found.replace("{count}", result.taken.length), found);
    const list = document.createElement("ul");
    list.className = "diary__list";
    for (const [row, grades] of result.taken) {
      const item = document.createElement("li");
      item.textContent = `${row.dataset.name}: ${grades.map(tidy).join(" ") || "–"}`;
      list.append(item);
    }
    found.append(list);
    if (result.lost.length) say(words.lost.replace("{names}", result.lost.join(", ")), found);
    if (result.twice.length) say(words.twice.replace("{names}", result.twice.join(", ")), found);
    const acts = document.createElement("p");
    acts.className = "actions";
    const close = () => {
      found.hidden = true;
      field.focus();
    };
    const take = button(words.take, "btn--primary", () => {
      for (const [row, grades] of result.taken) gradesOf(row).forEach((cell, place) => grades[place] !== undefined && enter(cell, grades[place]));
      keep();
      close();
    });
    if (result.taken.length) acts.append(take);
    acts.append(button(words.leave, "btn--secondary", close));
    found.append(acts);
    found.hidden = false;
    (result.taken.length ? take : acts.firstChild).focus();
    found.scrollIntoView({ block: "nearest" });
  }
  form.addEventListener("paste", (event) => {
    if (!event.target.matches("[data-grade]")) return;
    const text = event.clipboardData.getData("text/plain");
    const lines = text.split(/\r?\n/).filter((line) => line.trim()).map((line) => line.split(/\t|;/).map((cell) => cell.trim()));
    if (!lines.length || (lines.length === 1 && lines[0].length === 1 && isGrade(text))) return;
    if (lines.every((cells) => cells.every(isGrade))) {
      event.preventDefault();
      fill(event.target, lines);
    } else if (lines.some((cells) => cells.length > 1)) {
      event.preventDefault();
      ask(match(lines), event.target);
    }
  });
})();
