/* Texts for those who hear the page. */

/* A text that a screen reader says, also when it is the same as before. */
export const sayIn = (status) => (text) => {
  status.textContent = "";
  setTimeout(() => (status.textContent = text), 100);
};
