/**
 * Writes a plot as HTML: a figure with a caption, and a script (page/plot-page.js) that finds plotly and
 * draws in it. A reader who opens "The same data as a table" gets one (page/plot-table.js).
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
import { speaker } from "../../language/speak";
import { LIB } from "../../util/paths";
import type { Figure } from "./plot-data";

const UNTRUSTED =
  "This plot is drawn when the cell is run, or when the notebook is trusted (in JupyterLab: View > Activate Command Palette, Trust Notebook).";

/** The function that draws a plot in its page, and the one that makes the table of its data. */
const [DRAW, TABLE_OF] = ["plot-page.js", "plot-table.js"].map(pageFunction);

/** Returns a function of page/ without docblocks, which are not for the page. */
function pageFunction(name: string): string {
  return readFileSync(path.join(LIB, "notebook", "plots", "page", name), "utf8")
    .replace(/^ *\/\*\*(?:(?!\*\/)[^])*\*\/\r?\n/gm, "")
    .trim()
    .replace(/;$/, "");
}

/**
 * Gives text the page's colour instead of our grey, unless it stands on a coloured background.
 *
 * The caption and the table say what a reader who does not see the plot needs. Lines are in the text's colour,
 * so that they show in every theme, also in the high contrast of an operating system.
 */
const CSS =
  ".course-plot{margin:0;color:var(--jp-content-font-color1,currentColor)}" +
  ".course-plot .infolayer :is(.gtitle,.g-xtitle text,.g-ytitle text,.legendtext,.cbaxis text)," +
  ".course-plot :is(.xtick,.ytick,.xtick2,.ytick2) text{fill:currentColor!important}" +
  ".course-plot figcaption{font-size:.85em;margin:.2em 0}.course-plot summary{cursor:pointer;font-size:.85em}" +
  ".course-plot-data{overflow:auto;max-height:22em;width:fit-content;max-width:100%;border:1px solid}" +
  ".course-plot-data :is(th,td){padding:.1em .8em;text-align:right}" +
  ".course-plot-data th{border-bottom:1px solid}.course-plot-data .text{text-align:left}";

/** How the table below a plot is announced. plot-page.js fills it when it is opened. */
const TABLE = "The same data as a table";

/**
 * Returns the HTML of a plot: a figure, and the script that draws in it.
 *
 * @param summary What a screen reader says of the plot, and its caption.
 * @param height In pixels.
 */
export function plotHtml(figure: Figure, summary: string, height: number): string {
  return [
    `<style>${CSS}</style>`,
    figureHtml(summary, height),
    `<script>(${DRAW})(document.currentScript.previousElementSibling,${literal(figure)},${TABLE_OF})</script>`,
  ].join("\n");
}

/** The parts of a plot's HTML, for pages that keep style, script and data apart. */
export const plotParts = { css: CSS, draw: DRAW, table: TABLE_OF, figure: figureHtml, literal };

function figureHtml(summary: string, height: number, withoutScript = speaker().say(UNTRUSTED)): string {
  const text = escapeHtml(summary);
  return [
    `<figure class="course-plot">`,
    `<div role="group" aria-label="${text}" style="min-height:${height}px">${withoutScript}</div>`,
    `<figcaption>${text}</figcaption>`,
    `<details hidden><summary>${escapeHtml(speaker().say(TABLE))}</summary></details>`,
    `</figure>`,
  ].join("");
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
