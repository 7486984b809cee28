/** What plot-page.js finds in the page of a notebook. */

/** A figure as plot-html.ts writes it: `Figure` in plot-data.ts. */
interface CourseFigure {
  data: CourseTrace[];
  layout: { xaxis?: CourseAxis; yaxis?: CourseAxis; legend?: object };
}

interface CourseTrace {
  type?: string;
  name?: string;
  hoverinfo?: string;
  [data: string]: unknown;
  x?: unknown[];
  y?: unknown[];
  /** The values of a heat map, row by row. */
  z?: unknown[][];
}

interface CourseAxis {
  title?: { text?: string };
  tickvals?: number[];
  ticktext?: string[];
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
