/* The list of requests by keyboard. Only comfort: without it the boxes, the links and the buttons do the same.
   Keys act only while the focus is in the list (WCAG 2.1.4), and never where something is typed. */
"use strict";
(() => {
  const list = document.querySelector("[data-rows]");
  const give = document.querySelector("[data-give]");
  if (!list || !give) return;
  const boxes = [...list.querySelectorAll("[data-row] input[type=checkbox]")];
  const every = document.querySelector("[data-every]");
  const count = document.querySelector("[data-count]");

  const tell = () => {
    const n = boxes.filter((box) => box.checked).length;
    count.hidden = !n;
    count.textContent = n === 1 ? count.dataset.one : count.dataset.many.replace("{n}", n);
    every.textContent = n === boxes.length ? every.dataset.none : every.dataset.all;
    for (const box of boxes) box.closest("[data-row]").classList.toggle("row--chosen", box.checked);
  };
  const tick = (box, checked) => {
    box.checked = checked;
    tell();
  };
  const move = (row, by) => {
    const from = boxes.findIndex((box) => row.contains(box));
    const to = boxes[Math.min(Math.max(from + by, 0), boxes.length - 1)];
    to.focus();
    to.closest("[data-row]").scrollIntoView({ block: "nearest" });
  };

  list.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = row.querySelector("input[type=checkbox]");
    const acts = {
      j: () => move(row, 1),
      ArrowDown: () => move(row, 1),
      k: () => move(row, -1),
      ArrowUp: () => move(row, -1),
      x: () => tick(box, !box.checked),
      a: () => give.form.requestSubmit(give),
    };
    if (!Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    acts[event.key]();
  });
  list.addEventListener("change", tell);
  every.addEventListener("click", (event) => {
    event.preventDefault();
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
    tell();
  });
  document.querySelector("[data-keys]").hidden = false;
  addEventListener("pageshow", tell); /* a browser that goes back remembers the ticks */
})();
