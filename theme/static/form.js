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
  const options = all("[data-option]").map((label) => ({ box: label.querySelector("input"), label, full: label.dataset.full }));
  if (!options.length) return;
  for (const one of all("[data-queue]")) one.dataset.room ??= one.textContent;

  const show = () => {
    const full = options.some(({ box, label }) => box.checked && label.dataset.full);
    for (const one of all("[data-queue]")) one.textContent = full ? one.dataset.queue : one.dataset.room;
    for (const one of all("[data-when-full]")) one.hidden = !full;
    for (const one of all("[data-when-room]")) one.hidden = full;
    const none = options.every(({ box }) => box.disabled);
    for (const one of all("[data-can-enrol]")) one.hidden = none;
    for (const one of all("[data-no-run]")) one.hidden = !none;
  };
  for (const { box } of options) box.addEventListener("change", show);

  /* static/seats.js tells the numbers, and nothing once they are old. */
  document.addEventListener("runs", ({ detail }) => {
    for (const { box, label, full } of options) {
      const [course, run, seats] = label.dataset.option.split(" ");
      const now = detail?.[course]?.[run];
      box.disabled = now?.state === "cancelled" || now?.state === "lapsed";
      label.dataset.full = (now ? Number(seats) && now.taken >= seats : full) ? "yes" : "";
    }
    if (options.some(({ box }) => box.checked && box.disabled)) {
      const open = options.find(({ box }) => !box.disabled);
      if (open) open.box.checked = true;
    }
    show();
  });
})();
