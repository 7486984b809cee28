/**
 * What cells printed, as HTML for the site.
 *
 * Peers have a say in it: names, addresses, errors. So text is escaped, HTML goes through a list of what it may
 * hold, and a plot is drawn from its data and not from the script that came with it.
 */
import { escapeHtml, losslessJson, plotParts } from "@course/lib/notebook";
import Anser from "anser";
import sanitizeHtml from "sanitize-html";
import { PLOTLY } from "../solutions/pictures";
import { outputMarkdown } from "./markdown";

interface Output {
  output_type: string;
  text?: string | string[];
  data?: Record<string, unknown>;
  traceback?: string[];
  ename?: string;
  evalue?: string;
}

/** Shown where no script runs. */
const WITHOUT_SCRIPT = "Your browser draws this plot if it may run the page's scripts.";
const HEIGHT = 400;

/** What tables of the course are made of. */
const TABLES: sanitizeHtml.IOptions = {
  allowedTags: ["table", "caption", "thead", "tbody", "tr", "th", "td", "p", "pre", "code", "b", "i"],
  allowedAttributes: { "*": ["class", "scope", "style"] },
  allowedStyles: { "*": { "text-align": [/^(left|right)$/], "white-space": [/^pre$/] } },
};

/** Returns the outputs of a cell as HTML. */
export function outputsHtml(outputs: readonly unknown[]): string {
  return outputs.map((output) => outputHtml(output as Output)).join("\n");
}

/** Returns whether outputs hold a plot that the page has to draw. */
export function hasPlots(outputs: readonly unknown[]): boolean {
  return outputs.some((output) => (output as Output).data?.[PLOTLY] !== undefined);
}

function outputHtml({ output_type, text, data, traceback, ename, evalue }: Output): string {
  if (output_type === "stream") return terminalHtml(joined(text));
  if (output_type === "error") return terminalHtml(traceback?.join("\n") || `${ename}: ${evalue}`, "error");
  if (!data) return "";
  if (data[PLOTLY]) return plotHtml(data[PLOTLY] as Figure, joined(data["text/plain"]));
  if (data["text/html"]) return tableHtml(joined(data["text/html"]));
  if (data["text/markdown"])
    return `<div class="output">${outputMarkdown(joined(data["text/markdown"]))}</div>`;
  if (data["image/png"]) return pictureHtml(joined(data["image/png"]), joined(data["text/plain"]));
  return terminalHtml(joined(data["text/plain"]));
}

/** Returns what would stand in a terminal: with its colours, and nothing else of what a terminal obeys. */
function terminalHtml(text: string, kind = hasColumns(text) ? "columns" : ""): string {
  const inside = Anser.ansiToHtml(Anser.escapeForHtml(text.trimEnd()), { use_classes: true });
  return `<pre class="output ${kind}" tabindex="0">${inside}</pre>`;
}

/** Characters in a line, up to which a reader can be asked to scroll sideways. */
const WIDTH = 100;

/** Returns whether lines have columns, such as a hex dump's: they must not be broken on a narrow page. */
function hasColumns(text: string): boolean {
  const lines = text.split("\n");
  return (
    lines.every(({ length }) => length <= WIDTH) && lines.filter((line) => /\S {2,}\S/.test(line)).length > 1
  );
}

function tableHtml(html: string): string {
  const scroll = `class="output wide" tabindex="0" role="group" aria-label="Table"`;
  return `<div ${scroll}>${sanitizeHtml(html, TABLES)}</div>`;
}

function pictureHtml(base64: string, sentence: string): string {
  const alt = escapeHtml(sentence);
  const source = `data:image/png;base64,${base64.replace(/[^\w+/=]/g, "")}`;
  return `<figure class="output"><img src="${source}" alt="${alt}"><figcaption>${alt}</figcaption></figure>`;
}

interface Figure {
  data: object[];
  layout: { height?: number };
}

/** Returns a plot's figure, and its data for plots.js. JSON in a page must not end the element it stands in. */
function plotHtml(figure: Figure, sentence: string): string {
  const plain = JSON.parse(losslessJson(figure)) as Figure;
  const data = `<script type="application/json">${plotParts.literal(plain)}</script>`;
  const height = Number(plain.layout.height ?? HEIGHT);
  return `<div class="output plot">${plotParts.figure(sentence, height, WITHOUT_SCRIPT)}${data}</div>`;
}

/** Returns the text of a notebook, which may be cut into lines. */
function joined(text: unknown): string {
  return Array.isArray(text) ? text.join("") : String(text ?? "");
}
