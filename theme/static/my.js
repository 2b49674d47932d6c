/* What a reader keeps in the browser and nowhere else: the own school, and the courses chosen. No request carries either.
   Whatever stands in the storage is judged as if a stranger had written it. */

const SCHOOL = "tarjotin.school";
const CHOSEN = "tarjotin.chosen";
export const MOST = 40; // courses that can be chosen
export const OTHER = "other"; // a school that is not in the list
const COURSE_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*\/[a-z0-9]+(?:-[a-z0-9]+)*$/;
const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/; // of a school or a run

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

/* A course is kept and shared as its id, with the run that the reader has chosen behind it: `school/course` or `school/course:run`. */
export const courseOf = (mark) => mark.split(":", 1)[0];
const runOf = (mark) => mark.split(":", 2)[1] || "";
export const marksOf = (courses) => [...courses].map(([id, run]) => (run ? `${id}:${run}` : id));

/* Those of the marks that can be courses, at most `most`: a map from their ids to their runs, "" where none is chosen. */
export const coursesIn = (marks, most = MOST) => {
  const possible = (Array.isArray(marks) ? marks : []).filter((mark) => typeof mark === "string" && mark.length <= 300 && COURSE_ID.test(courseOf(mark)));
  const courses = new Map(possible.map((mark) => [courseOf(mark), ID.test(runOf(mark)) ? runOf(mark) : ""]));
  return new Map([...courses].slice(0, most));
};

/* The id of the reader's school, OTHER, or null. */
export const mySchool = () => {
  const id = read(SCHOOL);
  return id && id.length <= 100 && ID.test(id) ? id : null;
};

/* The chosen courses in the order in which they were chosen, as coursesIn() has them. */
export const chosen = () => {
  try {
    return coursesIn(JSON.parse(read(CHOSEN) || "[]"));
  } catch {
    return new Map();
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
export const keep = (courses) => {
  const kept = write(CHOSEN, courses.size ? JSON.stringify(marksOf(courses).slice(0, MOST)) : null);
  tell("chosen");
  return kept;
};

/* Add the course, or take it away. What became of it: "added", "removed", "full" or "refused". */
export const toggle = (id) => {
  const courses = chosen();
  if (courses.delete(id)) return keep(courses) ? "removed" : "refused";
  if (courses.size >= MOST) return "full";
  return keep(courses.set(id, "")) ? "added" : "refused";
};

/* Another tab has changed something. */
addEventListener("storage", ({ key }) => {
  if (key === SCHOOL || key === null) tell("school");
  if (key === CHOSEN || key === null) tell("chosen");
});
