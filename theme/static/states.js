/* Shows at the minute what holds of each run: opens later, open, closed; and which row of the price of leaving holds today.
   static/seats.js tells the network's clock; until then the reader's own holds, but in a sample network, which lives on a day of its own. */
"use strict";
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const blocks = all("[data-opens-at]").map((block) => ({ block, opens: Date.parse(block.dataset.opensAt), closes: Date.parse(block.dataset.closesAt) }));
  const rows = all("tr[data-from]");
  const { zone, real } = document.querySelector("[data-seat-words]")?.dataset || {};
  const longest = 3600000; // a timer sleeps while the computer does
  let ahead = 0; // of the reader's clock
  let timer;

  const leaving = (now) => {
    const day = new Date(now).toLocaleDateString("sv", { timeZone: zone });
    const held = rows.filter((row) => row.dataset.from <= day).at(-1);
    const before = rows.find((row) => row.matches(".leaving__now"));
    if (!held || !before || held === before) return;
    const badge = before.querySelector(".badge");
    before.classList.remove("leaving__now");
    held.classList.add("leaving__now");
    held.querySelector("strong").after(" ", badge);
    for (const one of all("[data-free-now]")) one.hidden = held !== rows[0];
  };

  const show = () => {
    const now = Date.now() + ahead;
    const states = {};
    for (const { block, opens, closes } of blocks) {
      const state = now < opens ? "not_open" : now < closes ? "open" : "closed";
      states[block.dataset.offering] = state;
      block.classList.toggle("offering--over", state === "closed");
    }
    for (const one of all("[data-when]")) {
      const [run, ...when] = one.dataset.when.split(" ");
      one.hidden = !when.includes(states[run]);
    }
    for (const one of all("[data-other-run]")) one.hidden = states[one.dataset.otherRun] !== "closed" || !Object.values(states).includes("open");
    leaving(now);
    document.dispatchEvent(new CustomEvent("states", { detail: states }));
    const turns = blocks.flatMap(({ opens, closes }) => [opens, closes]).filter((turn) => turn > now);
    clearTimeout(timer);
    timer = setTimeout(show, Math.min(longest, ...turns.map((turn) => turn - now)));
  };

  document.addEventListener("clock", ({ detail }) => {
    ahead = detail - Date.now();
    show();
  });
  document.addEventListener("visibilitychange", () => timer && show());
  if (real !== undefined) show();
})();
