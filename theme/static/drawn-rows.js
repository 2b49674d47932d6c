/* The rows of a list that is too long for a page: drawn some at a time. */
import { filtered } from "./address.js";
import { live } from "./live-seats.js";
import { draw } from "./rows.js";

const AT_ONCE = 50; // rows that are drawn

const number = new Intl.NumberFormat(document.documentElement.lang);

/* Rows in `list` from the blocks at `address`. `start` is what stands there before anything is asked. */
export const drawnRows = (list, start, address) => {
  const more = document.querySelector("[data-more]");
  const place = Object.assign(document.createElement("ul"), { className: "course-group__rows" });
  const button = more.querySelector("button");
  const left = more.dataset.more;
  let rest = [];
  let dress = () => {};
  list.append(place);

  const drawMore = async (count, now, current = () => true) => {
    const rows = await draw(rest.slice(0, count), address, now);
    if (!current()) return [];
    rest = rest.slice(count);
    more.hidden = !rest.length;
    button.textContent = left.replace("{n}", number.format(rest.length));
    rows.forEach(dress);
    return rows;
  };

  button.addEventListener("click", async () => {
    const rows = await drawMore(AT_ONCE, live.now());
    place.append(...rows);
    document.dispatchEvent(new CustomEvent("tarjotin:rows"));
    rows[0]?.querySelector("a").focus({ preventScroll: true });
  });

  return {
    paint: async (numbers, asked, current, dressed) => {
      const began = !asked.q && !filtered(asked) && !asked.order;
      if (began) {
        start.hidden = false;
        list.hidden = more.hidden = true;
        return;
      }
      rest = numbers;
      dress = dressed;
      const rows = await drawMore(AT_ONCE, live.now(), current);
      if (!current()) return;
      place.replaceChildren(...rows);
      start.hidden = true;
      list.hidden = !numbers.length;
      document.dispatchEvent(new CustomEvent("tarjotin:rows"));
    },
  };
};
