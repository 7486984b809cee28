/**
 * A plot as HTML: a place for it, and a script that finds plotly and draws it there.
 *
 * Plotly has 4.8 MB, so it is never in the notebook. It is looked for, in this order:
 *
 *  1. on the page already: another plot has loaded it, or an exported page has it in its head
 *  2. at the Jupyter server, beside the kernel spec: every server that can start our kernel serves
 *     that folder, whatever folder it was started in (scripts/setup/kernelspec.ts puts it there)
 *  3. in `node_modules`, above the notebook, if the server was started in the project or above it
 *  4. in `node_modules`, above an exported page that lies in the project
 *
 * A page that calls nobody else stays as private as the course. Where plotly is not found, or a
 * notebook is not trusted and its scripts may not run, the place says what to do.
 */
import { gzipSync } from "node:zlib";
import type { Figure } from "./plot-data";

/** In the folder of the kernel spec. */
const BESIDE_KERNEL = "kernelspecs/tslab/plotly.min.js";
const IN_MODULES = "node_modules/plotly.js-dist-min/plotly.min.js";

const UNTRUSTED =
  "This plot is drawn when the cell is run, or when the notebook is trusted (in JupyterLab: View > Activate Command Palette, Trust Notebook).";
const NOT_FOUND =
  "This plot could not be drawn, because plotly.js was not found: open the notebook with `npm start`, or run `npm run kernel` in the course's folder and reload the page.";

/** Text of the page's own colour instead of a grey one, where it does not stand on a colour of its own. */
const CSS =
  ".course-plot .infolayer :is(.gtitle,.g-xtitle text,.g-ytitle text,.legendtext,.cbaxis text)," +
  ".course-plot :is(.xtick,.ytick,.xtick2,.ytick2) text{fill:currentColor!important}";

/** The HTML of a plot; `summary` is what a reader hears who does not see it. `height` is in pixels. */
export function plotHtml(figure: Figure, summary: string, height: number): string {
  return [
    `<style>${CSS}</style>`,
    `<div class="course-plot" role="img" aria-label="${escapeHtml(summary)}" style="min-height:${height}px;color:var(--jp-content-font-color1,currentColor)">${UNTRUSTED}</div>`,
    `<script>(${SCRIPT})(document.currentScript.previousElementSibling,${literal(figure)})</script>`,
  ].join("\n");
}

/** From this length on, in characters, a figure is packed. */
const LONG = 20_000;

/** The figure as JavaScript: itself if it is short; else zipped, in a third of the room, as text. */
function literal(figure: Figure): string {
  const json = JSON.stringify(figure);
  if (json.length < LONG) return json.replaceAll("<", "\\u003c");
  return JSON.stringify(gzipSync(json, { level: 9 }).toString("base64"));
}

/** Text as HTML. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

/** What runs in the page. It is JavaScript for browsers, so it stands here as text. */
const SCRIPT = `async (place, given) => {
  const unpack = async (text) => {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  };
  const figure = typeof given === "string" ? await unpack(given) : given;
  const config = document.getElementById("jupyter-config-data");
  const base = config ? JSON.parse(config.textContent).baseUrl : document.body.dataset.baseUrl;
  const folders = decodeURI(location.pathname).replace(/^.*?[/](tree|notebooks|doc)[/]/, "").split("/").slice(0, -1);
  const above = folders.map((_, i) => folders.slice(0, folders.length - i).join("/") + "/").concat("");
  const sources = base
    ? ["${BESIDE_KERNEL}", ...above.map((folder) => "files/" + folder + "${IN_MODULES}")].map((path) => base + path)
    : above.map((_, i) => "../".repeat(i) + "${IN_MODULES}");
  const load = (source) => new Promise((done) => {
    const script = document.createElement("script");
    Object.assign(script, { src: source, onload: done, onerror: done });
    document.head.append(script);
  });
  const find = async () => {
    for (const source of sources) if (!window.Plotly) await load(source);
  };
  await (window.coursePlotly ??= find());
  if (!window.Plotly) {
    delete window.coursePlotly;
    return place.replaceChildren(${JSON.stringify(NOT_FOUND)});
  }
  if (!document.createElement("canvas").getContext("webgl")) {
    for (const trace of figure.data) if (trace.type === "scattergl") trace.type = "scatter";
  }
  place.replaceChildren();
  const start = performance.now();
  await window.Plotly.newPlot(place, figure.data, figure.layout, { displaylogo: false });
  performance.measure("course-plot", { start });
  // Not plotly's "responsive": that hears of windows alone, not of side bars, nor of a cell that was drawn out of sight.
  let width = place.offsetWidth;
  new ResizeObserver(() => {
    if (place.offsetWidth === 0 || place.offsetWidth === width) return;
    width = place.offsetWidth;
    window.Plotly.Plots.resize(place);
  }).observe(place);
}`;
