/* Tells how runs stand now. The page's own words hold without it, and when the numbers are ten minutes old. */
"use strict";
(() => {
  const words = document.querySelector("[data-seat-words]");
  const courseOf = (row) => row.querySelector("a").getAttribute("href").match(/\/courses\/(.+)\.html$/)[1];
  const find = () => [...document.querySelectorAll("[data-seats], [data-run]")];
  if (!words || !find().length) return;
  const fresh = 600000;
  const word = (name) => words.content.querySelector(`[data-word=${name}]`);
  const said = (name, n) => ((n === 1 && word(name + 1)) || word(name)).textContent.replace("{n}", n);

  const seats = ({ taken, queued, state, late }, all) => {
    if (state && word(`no-${state}`)) return said(`no-${state}`);
    const left = Math.max(0, all - taken);
    if (!all) return "";
    return said(left ? "left" : late ? "over" : "full", left) + (queued && !late ? said("waiting", queued) : "");
  };
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const run = ({ state, to_go: missing }) => (state ? said(state) : missing >= 0 ? said(missing ? "missing" : "enough", missing) : "");

  const show = (told) => {
    const places = find();
    const before = places.map((place) => [place, place.textContent, place.hidden]);
    const moment = document.querySelector("[data-seats-at]");
    const [day, hour, minute] = new Date(told.at).toLocaleString("sv", { timeZone: words.dataset.zone }).split(/[ :]/);
    for (const place of places) {
      const [course, id, all, starts] = (place.dataset.seats || place.dataset.run).split(" ");
      const now = told.seats[course === "-" ? courseOf(place.closest(".course-row")) : course]?.[id] || { taken: 0, queued: 0 };
      now.late ||= starts <= day;
      const text = place.dataset.run ? run(now) : seats(now, Number(all));
      place.textContent = text || place.textContent;
      place.hidden &&= !text;
      place.classList.toggle("seats--full", now.taken >= all);
    }
    if (moment) Object.assign(moment, { textContent: moment.dataset.seatsAt.replace("{h}", Number(hour)).replace("{m}", minute), hidden: false });
    tell("runs", told.seats);
    return () => {
      before.forEach(([place, text, hidden]) => Object.assign(place, { textContent: text, hidden }).classList.remove("seats--full"));
      if (moment) moment.hidden = true;
      tell("runs");
    };
  };

  /* `at` is the network's clock: a sample network has a day of its own. */
  fetch(words.dataset.from)
    .then(async (answer) => {
      const age = Date.now() - Date.parse(answer.headers.get("date"));
      if (!answer.ok || !(age < fresh)) return;
      const told = await answer.json();
      let undo = show(told);
      const again = () => {
        undo();
        undo = show(told);
      };
      document.addEventListener("tarjotin:rows", again); // rows that have been drawn since
      setTimeout(() => {
        document.removeEventListener("tarjotin:rows", again);
        undo();
      }, fresh - age);
      tell("clock", Date.parse(told.at) + Math.max(0, age));
    })
    .catch(() => {});
})();
