/* The enrolment form: a key against sending twice, the way to what must be mended, and words that fit how the runs stand now.
   Only comfort; the server is the judge. */
"use strict";
(() => {
  for (const key of document.querySelectorAll("[data-key]")) {
    if (!key.value && globalThis.crypto?.randomUUID) key.value = crypto.randomUUID();
  }
  const first = document.querySelector("[data-focus]");
  if (first) first.focus();

  const all = (selector) => [...document.querySelectorAll(selector)];
  const options = all("[data-option]").map((label) => {
    const [course, run, seats] = label.dataset.option.split(" ");
    const { full } = label.dataset;
    return { box: label.querySelector("input"), label, course, run, seats: Number(seats), printed: full, full, state: label.hidden ? "not_open" : "open", off: "" };
  });
  if (!options.length) return;
  for (const one of all("[data-queue]")) one.dataset.room ??= one.textContent;

  /* Why nobody can enrol: a run opens later; a run that is open is off, or full after its first day; or all have closed. */
  const panel = () => {
    const open = options.filter(({ state }) => state === "open");
    if (open.some(({ off }) => !off)) return "";
    if (options.some(({ state, off }) => state === "not_open" && !off)) return "not_open";
    return open[0]?.off || "closed";
  };

  const show = () => {
    const full = options.some((one) => one.box.checked && one.full);
    for (const one of all("[data-queue]")) one.textContent = full ? one.dataset.queue : one.dataset.room;
    for (const one of all("[data-when-full]")) one.hidden = !full;
    for (const one of all("[data-when-room]")) one.hidden = full;
    const none = panel();
    for (const one of all("[data-can-enrol]")) one.hidden = Boolean(none);
    for (const one of all("[data-panel]")) one.hidden = one.dataset.panel !== none;
  };
  const choose = () => {
    for (const { box, label, state, off } of options) {
      label.hidden = state !== "open";
      box.disabled = label.hidden || Boolean(off);
    }
    const free = options.find(({ box }) => !box.disabled);
    if (free && options.some(({ box }) => box.checked && box.disabled)) free.box.checked = true;
    show();
  };
  for (const { box } of options) box.addEventListener("change", show);

  /* static/seats.js tells the numbers, and nothing once they are old. After a run's first day nobody gets a place from its queue. */
  document.addEventListener("runs", ({ detail }) => {
    for (const one of options) {
      const now = detail?.[one.course]?.[one.run];
      const full = now ? one.seats && now.taken >= one.seats : one.printed;
      one.off = now?.state === "cancelled" || now?.state === "lapsed" ? "off" : full && now?.late ? "full" : "";
      one.full = full && !one.off;
    }
    choose();
  });
  /* static/states.js tells which runs are open at the minute. */
  document.addEventListener("states", ({ detail }) => {
    for (const one of options) one.state = detail[one.run] ?? one.state;
    choose();
  });
})();
