/**
 * Draws the plots of a page when the reader comes near them. site.ts puts the functions of a notebook's plots
 * before this: drawPlot and tableOfPlot.
 */
const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      const data = JSON.parse(target.nextElementSibling?.textContent ?? "");
      void drawPlot(/** @type {HTMLElement} */ (target), data, tableOfPlot);
    }
  },
  { rootMargin: "600px" },
);
for (const figure of document.querySelectorAll(".course-plot")) near.observe(figure);
// Printed pages have all of them.
addEventListener("beforeprint", () => {
  for (const figure of document.querySelectorAll(".course-plot")) near.observe(figure);
});
