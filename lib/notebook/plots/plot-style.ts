/**
 * The house style of the plots, as a plotly template: what a plot's own layout says goes before it.
 *
 * Backgrounds are transparent, and text and grid have a middling grey, so that a plot can be read on
 * a light page and on a dark one. Where a page's own colours can be had they are used (plot-html.ts).
 * https://plotly.com/javascript/layout-template/
 */
import { COLOUR_ORDER } from "./colours";

/** Text that can be read on white and on JupyterLab's dark page alike. */
const TEXT = "#7b7b7b";
/** Lines that can be seen on both, and do not come to the fore. */
const GRID = "rgba(128, 128, 128, 0.25)";
const AXIS_LINE = "rgba(128, 128, 128, 0.7)";

const AXIS = {
  automargin: true,
  gridcolor: GRID,
  linecolor: AXIS_LINE,
  showline: true,
  ticks: "outside",
  tickcolor: AXIS_LINE,
  zerolinecolor: AXIS_LINE,
  // 10,000 and not 10k, as in the text around it.
  exponentformat: "none",
  separatethousands: true,
  title: { standoff: 12 },
};

/** The layout that all plots begin with. */
export const STYLE = {
  template: {
    layout: {
      colorway: COLOUR_ORDER,
      font: { family: "system-ui, 'Liberation Sans', Arial, sans-serif", size: 13, color: TEXT },
      title: { x: 0, xref: "paper", xanchor: "left", font: { size: 16 } },
      paper_bgcolor: "rgba(0, 0, 0, 0)",
      plot_bgcolor: "rgba(0, 0, 0, 0)",
      xaxis: AXIS,
      yaxis: AXIS,
      hoverlabel: { align: "left", font: { size: 13 } },
      colorscale: { sequential: "Cividis", sequentialminus: "Cividis" },
    },
  },
  separators: ".,",
  // "27.0" and "0.16" are names of releases, not numbers.
  autotypenumbers: "strict",
  margin: { l: 64, r: 24, t: 60, b: 56 },
};
