/**
 * Writes a plot as HTML: an element, and a script (page/plot-page.js) that finds plotly and draws there.
 *
 * Plotly has 4.8 MB, so it is not in the notebook. The script looks for it in this order:
 *
 *  1. on the page: another plot has loaded it, or an exported page has it in its head
 *  2. at the Jupyter server, beside the kernel spec: every server that can start our kernel serves
 *     that folder, in whatever folder it was started (scripts/setup/kernelspec.ts copies it there)
 *  3. in `node_modules`, above the notebook, if the server was started in the project or above it
 *  4. in `node_modules`, above an exported page that lies in the project
 *
 * It never loads plotly from the internet, so that no other server learns who reads the course. If
 * plotly is not found, or if the notebook is not trusted and its scripts may not run, the element says
 * what to do.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { LIB } from "../../util/paths";
import type { Figure } from "./plot-data";

const UNTRUSTED =
  "This plot is drawn when the cell is run, or when the notebook is trusted (in JupyterLab: View > Activate Command Palette, Trust Notebook).";

/** The function that draws a plot in its page, without docblocks, which are not for the page. */
const SCRIPT = readFileSync(path.join(LIB, "notebook", "plots", "page", "plot-page.js"), "utf8")
  .replace(/^ *\/\*\*[^]*?\*\/\r?\n/gm, "")
  .trim()
  .replace(/;$/, "");

/** Gives text the page's colour instead of our grey, unless it stands on a coloured background. */
const CSS =
  ".course-plot .infolayer :is(.gtitle,.g-xtitle text,.g-ytitle text,.legendtext,.cbaxis text)," +
  ".course-plot :is(.xtick,.ytick,.xtick2,.ytick2) text{fill:currentColor!important}";

/**
 * Returns the HTML of a plot.
 *
 * @param summary What a screen reader says of the plot.
 * @param height In pixels.
 */
export function plotHtml(figure: Figure, summary: string, height: number): string {
  return [
    `<style>${CSS}</style>`,
    `<div class="course-plot" role="img" aria-label="${escapeHtml(summary)}" style="min-height:${height}px;color:var(--jp-content-font-color1,currentColor)">${UNTRUSTED}</div>`,
    `<script>(${SCRIPT})(document.currentScript.previousElementSibling,${literal(figure)})</script>`,
  ].join("\n");
}

/** Figures of this length in characters, and longer ones, are compressed. */
const COMPRESSED_LENGTH = 20_000;

/** Returns a figure as a JavaScript literal: an object, or a third of its size as compressed text. */
function literal(figure: Figure): string {
  const json = JSON.stringify(figure);
  if (json.length < COMPRESSED_LENGTH) return json.replaceAll("<", "\\u003c");
  return JSON.stringify(gzipSync(json, { level: 9 }).toString("base64"));
}

/** Escapes text for HTML, in attributes too. */
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
