/**
 * Draws the plots of a page when the reader comes near them. site.ts puts the functions of a notebook's plots
 * before this: drawPlot and tableOfPlot.
 */
const waiting = new Set(document.querySelectorAll(".course-plot"));
/** Draws a plot, once. @param {Element} figure */
const draw = (figure) => {
  if (!waiting.delete(figure)) return;
  near.unobserve(figure);
  const data = JSON.parse(figure.nextElementSibling?.textContent ?? "");
  void drawPlot(/** @type {HTMLElement} */ (figure), data, tableOfPlot);
};
const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) draw(target);
  },
  { rootMargin: "600px" },
);
for (const figure of waiting) near.observe(figure);
// Printed pages have all of them.
addEventListener("beforeprint", () => waiting.forEach(draw));
