/* What the pages of the reader's own courses share: making elements, notes above the table, and sums for the reader's school. */
import { courseOf, coursesIn, marksOf } from "./my.js";

/* An element with its properties and children; `data` are its data attributes. Children that are texts stay texts. */
export const made = (tag, { data, ...properties } = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  Object.assign(element.dataset, data);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

export const link = (href, text, className = "") => made("a", { href, className, textContent: text });
export const button = (text, className, act) => {
  const element = made("button", { type: "button", className, textContent: text });
  element.addEventListener("click", act);
  return element;
};

export const note = (...children) => made("p", { className: "section__note" }, ...children);

/* How far the network's clock is ahead of the reader's; null in a sample network, which lives on a day of its own, until the service has
   told it. */
let ahead = document.querySelector("[data-seat-words]")?.dataset.real === undefined ? null : 0;
document.addEventListener("clock", ({ detail }) => (ahead = detail - Date.now()));
export const now = () => (ahead === null ? null : Date.now() + ahead);

/* Draw a part of the page anew; the focus stays on the link or field that stands in the same place. */
export const redrawn = (part, draw) => {
  const all = () => [...part.querySelectorAll("a, button, input, select, [tabindex]")];
  const at = all().indexOf(document.activeElement);
  draw();
  all()[at]?.focus({ preventScroll: true });
};

export const courseName = ({ codes, title }) => (codes ? `${codes} ${title}` : title);

/* The course's name as a link, in its own language. */
export const courseLink = (course) => {
  const element = link(course.address, course.title);
  if (course.lang) element.lang = course.lang;
  return element;
};

export const datesOf = (run, book) => (run.from ? book.days(run.from, run.to) : book.say("own-pace"));

/* Of what a run costs: for the reader's school with the one who pays, for both classes when no school is chosen. */
export const priceOf = (course, run, school, book) => {
  const [member, outside] = run.price.map((cents) => book.money(cents, course.currency));
  if (!school) return member === outside ? `${member}. ${book.say("one-price")}` : book.say("both-prices", { member, outside });
  if (course.schoolId === school.id) return book.say("own");
  const money = school.member.includes(run.agreement) ? member : outside;
  return school.name ? book.say("pays", { school: school.name, money }) : book.say("pays-other", { money });
};

/* The places of a run, which static/seats.js tells as they are now. The same element each time, so that what it was told stays. */
export const placesOf = ({ seats, state }) => {
  if (state !== "open") return null;
  if (seats) seats.element ??= made("span", { data: { seats: seats.mark }, textContent: seats.text });
  return seats?.element || null;
};

/* Tell how full the runs are whose places have been drawn in the part. */
export const tellPlaces = async (part) => {
  if (!part.querySelector("[data-seats]")) return;
  await import("./seats.js");
  document.dispatchEvent(new CustomEvent("tarjotin:rows"));
};

/* What has been left out, in sentences. */
export const leftOut = ({ strange, gone, broken }, book) => [
  ...(strange ? [note(book.say("strange"))] : []),
  ...(gone.length ? [note(book.say("gone", { n: gone.length }))] : []),
  ...(broken.length ? [note(book.say("broken"))] : []),
];

/* The book of words; when it cannot be had, the page says so in the sentence that was printed with it. */
export const bookOrSentence = (book) =>
  book().catch((error) => {
    document.querySelector("[data-list-broken]").hidden = false;
    throw error;
  });

/* The courses that the address names, as coursesIn() has them, and whether it names something that cannot be one. */
export const coursesInAddress = (most) => {
  const asked = new URLSearchParams(location.search).getAll("c");
  const all = coursesIn(asked, Infinity);
  return { courses: coursesIn(asked, most), strange: all.size < new Set(asked.map(courseOf)).size, many: all.size > most };
};

export const addressWith = (path, courses) => `${path}?${marksOf(courses).map((mark) => `c=${mark}`).join("&")}`;
