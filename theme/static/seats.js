/* Tells how many places are left now. The page's own words hold without it, and again when the numbers are ten minutes old. */
"use strict";
(() => {
  const words = document.querySelector("[data-seat-words]");
  const places = document.querySelectorAll("[data-seats]");
  if (!words || !places.length) return;
  const fresh = 600000;
  const said = (name, n) => {
    const one = n === 1 && words.content.querySelector(`[data-word=${name}1]`);
    return (one || words.content.querySelector(`[data-word=${name}]`)).textContent.replace("{n}", n);
  };

  const show = (told) => {
    const before = [...places].map((place) => place.textContent);
    const moment = document.querySelector("[data-seats-at]");
    for (const place of places) {
      const [course, run, all] = place.dataset.seats.split(" ");
      const { taken, queued } = told.seats[course]?.[run] || { taken: 0, queued: 0 };
      const left = Math.max(0, all - taken);
      place.textContent = (left ? said("left", left) : said("full")) + (queued ? said("waiting", queued) : "");
      place.classList.toggle("seats--full", !left);
    }
    const clock = { timeZone: words.dataset.zone, hour: "numeric", minute: "2-digit" };
    const [hour, minute] = new Date(told.at).toLocaleTimeString("en-GB", clock).split(":");
    if (moment) moment.textContent = moment.dataset.seatsAt.replace("{h}", Number(hour)).replace("{m}", minute);
    if (moment) moment.hidden = false;
    return () => {
      before.forEach((text, n) => (places[n].textContent = text));
      places.forEach((place) => place.classList.remove("seats--full"));
      if (moment) moment.hidden = true;
    };
  };

  /* The age is that of the answer: `at` is the network's clock, which a sample network sets to its own day. */
  fetch(words.dataset.from)
    .then(async (answer) => {
      const age = Date.now() - Date.parse(answer.headers.get("date"));
      if (answer.ok && age < fresh) setTimeout(show(await answer.json()), fresh - age);
    })
    .catch(() => {});
})();
