/* The key / leads to the search from everywhere. It can be switched off, and that is kept in the browser (WCAG 2.1.4). */

const KEY = "tarjotin.keys";
const note = document.querySelector("[data-keys]");

const isOff = () => {
  try {
    return localStorage.getItem(KEY) === "off";
  } catch {
    return false;
  }
};

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isOff()) return;
  event.preventDefault();
  const field = document.querySelector("form[role=search] input[type=search]");
  if (!field) location.assign(`${document.querySelector(".site-header__name").href}#q`);
  else {
    field.focus();
    field.select();
  }
});

if (note) {
  const [on, off, back] = ["on", "off", "back"].map((name) => note.querySelector(`[data-keys-${name}]`));
  const show = () => {
    on.hidden = off.hidden = isOff();
    back.hidden = !isOff();
  };
  const set = (next, other) => {
    try {
      if (next) localStorage.setItem(KEY, next);
      else localStorage.removeItem(KEY);
    } catch {
      return; // a browser that keeps nothing keeps the key on
    }
    show();
    other.focus();
  };
  off.addEventListener("click", () => set("off", back));
  back.addEventListener("click", () => set("", off));
  show();
  note.hidden = false;
}
