/**
 * Markdown and code as HTML for the site: with markdown-it, as JupyterLab's own parser follows CommonMark, and
 * highlight.js. All is done when the site is made: its pages need no script for it.
 */
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import { escapeHtml } from "@course/lib/notebook";
import MarkdownIt, { type MarkdownIt as Parser, type Token } from "markdown-it";

for (const [name, language] of Object.entries({ bash, json, python, sql, typescript }))
  hljs.registerLanguage(name, language);

/** Where a link or a picture of a lesson is on the site. `undefined`: it is not there, and only its text stays. */
export type PlaceOf = (target: string) => string | undefined;

/** Returns code as HTML, coloured if its language is known. `ts` and `sh` are other names of languages. */
export function codeHtml(code: string, language: string): string {
  return hljs.getLanguage(language) ? hljs.highlight(code, { language }).value : escapeHtml(code);
}

/**
 * Returns the Markdown of a lesson as HTML. HTML in it is the author's own, and stays.
 *
 * Links and pictures that `placeOf` does not know are left out: a page never leads away from the site.
 */
export function lessonMarkdown(text: string, placeOf: PlaceOf): string {
  return render(text, new MarkdownIt({ html: true, highlight: codeHtml }), placeOf);
}

/** Returns Markdown that a cell printed as HTML. It may hold text of strangers: HTML in it is shown as text. */
export function outputMarkdown(text: string): string {
  return render(text, new MarkdownIt({ html: false, highlight: codeHtml }), () => undefined);
}

function render(text: string, parser: Parser, placeOf: PlaceOf): string {
  const { rules } = parser.renderer;
  // A table that is wider than the page scrolls by itself; with the keyboard too.
  rules.table_open = () => `<div class="wide" tabindex="0" role="group" aria-label="Table"><table>\n`;
  rules.table_close = () => `</table></div>\n`;
  for (const name of ["fence", "code_block"] as const) {
    const code = rules[name];
    rules[name] = (...args) =>
      code(...args).replace(/^<pre/, `<pre tabindex="0" role="group" aria-label="Code"`);
  }
  rules.th_open = (tokens, at, options, _, self) => {
    tokens[at].attrSet("scope", "col");
    return self.renderToken(tokens, at, options);
  };
  rules.heading_open = (tokens, at, options, _, self) => {
    tokens[at].attrSet("id", slug(tokens[at + 1].content));
    return self.renderToken(tokens, at, options);
  };
  rules.link_open = (tokens, at) => {
    const place = placeOf(addressIn(tokens[at]));
    return place === undefined ? "<span>" : `<a href="${escapeHtml(place)}">`;
  };
  rules.link_close = (tokens, at) => (isOnSite(tokens, at, placeOf) ? "</a>" : "</span>");
  rules.image = (tokens, at, options, env, self) => {
    const place = placeOf(addressIn(tokens[at]));
    const alt = self.renderInlineAsText(tokens[at].children ?? [], options, env);
    return place === undefined ? "" : `<img src="${escapeHtml(place)}" alt="${escapeHtml(alt)}">`;
  };
  return parser.render(text);
}

/** Returns whether the link that a closing token ends leads to a page of the site. Links are never nested. */
function isOnSite(tokens: Token[], at: number, placeOf: PlaceOf): boolean {
  const opening = tokens.slice(0, at).findLast(({ type }) => type === "link_open");
  return opening !== undefined && placeOf(addressIn(opening)) !== undefined;
}

/** Returns the address of a link or a picture. */
function addressIn(token: Token): string {
  return String(token.attrGet("href") ?? token.attrGet("src") ?? "");
}

/** Returns the id of a heading: its words, in small letters. */
function slug(heading: string): string {
  const words = heading.toLowerCase().match(/[\p{L}\p{N}]+/gu);
  return words?.join("-") ?? "section";
}
