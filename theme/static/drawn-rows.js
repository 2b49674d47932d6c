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
  let rest = []; // numbers of courses whose rows are not drawn yet; another array with every answer
  let drawing = null; // the rest of which more is being drawn
  let dress = () => {};
  list.append(place);

  const first = (numbers) => draw(numbers.slice(0, AT_ONCE), address, live.now());

  const leave = (numbers) => {
    rest = numbers.slice(AT_ONCE);
    more.hidden = !rest.length;
    button.textContent = left.replace("{n}", number.format(rest.length));
  };

  const drawMore = async () => {
    const numbers = rest;
    if (drawing === numbers) return;
    drawing = numbers;
    const rows = await first(numbers).catch(() => null);
    drawing = null;
    if (!rows || rest !== numbers) return; // something else has been asked meanwhile
    leave(numbers);
    rows.forEach(dress);
    place.append(...rows);
    document.dispatchEvent(new CustomEvent("tarjotin:rows"));
    rows[0].querySelector("a").focus({ preventScroll: true });
  };
  button.addEventListener("click", drawMore);

  return {
    paint: async (numbers, asked, current, dressed) => {
      const began = !asked.q && !filtered(asked) && !asked.order;
      if (began) {
        rest = [];
        start.hidden = false;
        list.hidden = more.hidden = true;
        return;
      }
      const rows = await first(numbers);
      if (!current()) return;
      leave(numbers);
      dress = dressed;
      rows.forEach(dress);
      place.replaceChildren(...rows);
      start.hidden = true;
      list.hidden = !numbers.length;
      document.dispatchEvent(new CustomEvent("tarjotin:rows"));
    },
  };
};
