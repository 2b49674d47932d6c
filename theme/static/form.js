/* The enrolment form: a key against sending twice, and the way to what must be mended. Only comfort; the server is the judge. */
"use strict";
(() => {
  for (const key of document.querySelectorAll("[data-key]")) {
    if (!key.value && globalThis.crypto?.randomUUID) key.value = crypto.randomUUID();
  }
  const first = document.querySelector("[data-focus]");
  if (first) first.focus();
})();
