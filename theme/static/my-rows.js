/* What a course costs the reader's own school, on the rows of a list. A row says its price as `data-price`. */
import { centsOf } from "./my-words.js";

const pays = (book, school) => (school.name ? book.say("row-pays", { school: school.name }) : book.say("row-pays-other"));
const textOf = ({ dataset }, book, school) =>
  dataset.school === school.id ? ["", book.say("row-own")] : [`${pays(book, school)} `, book.money(centsOf(dataset.price, school), book.currency, true)];

/* Show the price on the rows; take it away when no school is chosen. A row that is right already is left alone. */
export const showRows = (rows, book, school) => {
  for (const row of rows) {
    const shown = row.querySelector("[data-my-price]");
    if (!school) shown?.remove();
    if (!school || !row.dataset.price) continue;
    const [who, sum] = textOf(row, book, school);
    if (shown?.textContent === who + sum) continue;
    const line = shown || row.querySelector(".course-row__main").appendChild(document.createElement("span"));
    const strong = document.createElement("strong");
    strong.textContent = sum;
    line.dataset.myPrice = "";
    line.className = "course-row__price";
    line.replaceChildren(who, strong);
  }
};
