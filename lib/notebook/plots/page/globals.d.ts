/** What plot-page.js finds in the page of a notebook. */

/** A figure as plot-html.ts writes it: `Figure` in plot-data.ts. */
interface CourseFigure {
  data: { type?: string }[];
  layout: object;
}

interface Window {
  /** Plotly, if the page has loaded it. https://plotly.com/javascript/plotlyjs-function-reference/ */
  Plotly?: {
    newPlot(place: HTMLElement, data: object[], layout: object, config: object): Promise<void>;
    Plots: { resize(place: HTMLElement): void };
  };
  /** Settles when the first plot of the page has looked for plotly. */
  coursePlotly?: Promise<void>;
}
