/** What plots.js finds before it: site.ts writes the functions of lib/notebook/plots/page/ there. */
declare const drawPlot: (
  box: HTMLElement,
  given: CourseFigure | string,
  table: (figure: CourseFigure, label: string) => HTMLElement,
) => Promise<void>;
declare const tableOfPlot: (figure: CourseFigure, label: string) => HTMLElement;
