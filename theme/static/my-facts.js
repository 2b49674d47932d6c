/* The facts of courses for the reader's own list and for the comparison, read from the courses' own pages: what a page says is said once.
   A page is only read: nothing of it is put into the document but text. */

const text = (element) => (element?.textContent || "").replace(/\s+/g, " ").trim();
const FACTS = ["school", "size", "mode", "language", "exam", "before"];

/* A run as its page tells of it. `seats` is the mark by which static/seats.js finds its places; `turns` are the moments at which enrolment
   opens and closes, when one lies ahead of the page, and `deadlines` what the page says in each state. */
const runOf = (run, page) => {
  const block = [...page.querySelectorAll("[data-offering]")].find((one) => one.dataset.offering === run.id);
  const seats = block?.querySelector("[data-seats]");
  return {
    ...run,
    turns: block?.dataset.opensAt ? [block.dataset.opensAt, block.dataset.closesAt].map((moment) => Date.parse(moment)) : null,
    deadlines: deadlinesOf(run, block),
    seats: seats ? { mark: seats.dataset.seats, text: text(seats) } : null,
  };
};

const deadlinesOf = ({ state }, block) => {
  const lines = [...(block?.querySelectorAll("[data-compare=deadline]") || [])];
  return Object.fromEntries(lines.flatMap((line) => (line.dataset.when?.split(" ").slice(1) || [state]).map((one) => [one, text(line)])));
};

/* Say of every run how it stands at the moment `now`, as static/states.js does on its page; null leaves it as it was printed.
   Whether one stands otherwise than before. */
export const settle = (courses, now) => {
  let turned = false;
  for (const run of courses.flatMap(({ runs }) => runs)) {
    const before = run.state;
    if (now !== null && run.turns) run.state = now < run.turns[0] ? "not_open" : now < run.turns[1] ? "open" : "closed";
    run.deadline = run.deadlines[run.state] || "";
    turned ||= run.state !== before;
  }
  return turned;
};

/* The steps of the price of leaving: when, and the cents of a member and of an outside school. */
const leavingOf = (facts, page) =>
  [...page.querySelectorAll(".leaving tbody:first-of-type tr")].map((row, i) => ({ when: text(row.querySelector("strong")), price: facts.leaving[i] }));

const read = (html, id, address) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const article = page.querySelector("[data-my-course]");
  const facts = JSON.parse(article?.dataset.myCourse || "null");
  if (facts?.id !== id) return null;
  const title = article.querySelector("h1");
  return {
    ...facts,
    schoolId: facts.school, // its name is the fact that is told
    address,
    title: text(title),
    lang: title.lang || "",
    codes: [...article.querySelectorAll(".code")].map(text).join(" "),
    ...Object.fromEntries(FACTS.map((name) => [name, text(article.querySelector(`[data-compare=${name}]`))])),
    runs: facts.runs.map((run) => runOf(run, page)),
    leaving: leavingOf(facts, page),
  };
};

/* The course; null when there is no such page. Rejects when the page cannot be reached. `pattern` is an address with {id}. */
const courseFacts = async (id, pattern) => {
  const address = pattern.replace("{id}", id);
  const answer = await fetch(address);
  if (answer.status === 404 || answer.status === 410) return null;
  if (!answer.ok) throw new Error(String(answer.status));
  return read(await answer.text(), id, address);
};

/* The courses in the order of the ids, the ids that are no courses, and those that could not be reached. */
export const coursesOf = async (ids, pattern) => {
  const answers = await Promise.allSettled(ids.map((id) => courseFacts(id, pattern)));
  const found = answers.map(({ value }) => value).filter(Boolean);
  const gone = ids.filter((_, i) => answers[i].status === "fulfilled" && !answers[i].value);
  return { found, gone, broken: ids.filter((_, i) => answers[i].status === "rejected") };
};
