/**
 * The common style of all plots, as a plotly template. A plot's own layout overrides it.
 *
 * Backgrounds are transparent, and text and grid are grey, so that a plot can be read on a light page
 * and on a dark one. In HTML, text takes the page's own colour instead (plot-html.ts).
 * https://plotly.com/javascript/layout-template/
 */
import { COLOUR_ORDER } from "./colours";

/** The colour of text: readable on white and on JupyterLab's dark page. */
const TEXT = "#7b7b7b";
/** The colour of grid lines: visible on both, and faint. */
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
  // 10,000 instead of 10k, as in the lessons' text.
  exponentformat: "none",
  separatethousands: true,
  title: { standoff: 12 },
};

/** The layout that all plots start from. */
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
  // Text such as "27.0" and "0.16" is the name of a release, not a number.
  autotypenumbers: "strict",
  margin: { l: 64, r: 24, t: 60, b: 56 },
};
