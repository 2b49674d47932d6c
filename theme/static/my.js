/* What a reader keeps in the browser and nowhere else: the own school, and the courses chosen. No request carries either.
   Whatever stands in the storage is judged as if a stranger had written it. */

const SCHOOL = "tarjotin.school";
const CHOSEN = "tarjotin.chosen";
export const MOST = 40; // courses that can be chosen
export const OTHER = "other"; // a school that is not in the list
const COURSE_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*\/[a-z0-9]+(?:-[a-z0-9]+)*$/;
const SCHOOL_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

const read = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

/* Whether it could be kept: a full or forbidden storage refuses. */
const write = (key, text) => {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
};

/* Those of the ids that can be courses, each once, at most `most`. */
export const courseIds = (ids, most = MOST) =>
  [...new Set(Array.isArray(ids) ? ids : [])].filter((id) => typeof id === "string" && id.length <= 200 && COURSE_ID.test(id)).slice(0, most);

/* The id of the reader's school, OTHER, or null. */
export const mySchool = () => {
  const id = read(SCHOOL);
  return id && id.length <= 100 && SCHOOL_ID.test(id) ? id : null;
};

/* The ids of the chosen courses, in the order in which they were chosen. */
export const chosen = () => {
  try {
    return courseIds(JSON.parse(read(CHOSEN) || "[]"));
  } catch {
    return [];
  }
};

const tell = (name) => document.dispatchEvent(new CustomEvent(`tarjotin:${name}`));

/* Keep this school, or none; false when that is not possible. */
export const chooseSchool = (id) => {
  const kept = write(SCHOOL, id || null);
  tell("school");
  return kept;
};

/* Keep these courses instead of the ones before; false when that is not possible. */
export const keep = (ids) => {
  const kept = write(CHOSEN, ids.length ? JSON.stringify(courseIds(ids)) : null);
  tell("chosen");
  return kept;
};

/* Add the course, or take it away. What became of it: "added", "removed", "full" or "refused". */
export const toggle = (id) => {
  const before = chosen();
  if (before.includes(id)) return keep(before.filter((one) => one !== id)) ? "removed" : "refused";
  if (before.length >= MOST) return "full";
  return keep([...before, id]) ? "added" : "refused";
};

/* Another tab has changed something. */
addEventListener("storage", ({ key }) => {
  if (key === SCHOOL || key === null) tell("school");
  if (key === CHOSEN || key === null) tell("chosen");
});
