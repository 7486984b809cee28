/** The frame of all pages of the site: head, list of lessons, main part, and the way to the next page. */
import { escapeHtml } from "@course/lib/notebook";

/** A lesson as the list of lessons has it. */
export interface Entry {
  /** `03-bitnodes-api` */
  name: string;
  /** Its heading. */
  title: string;
  /** What it is about. */
  about: string;
}

export interface Page {
  title: string;
  /** The main part, as HTML. */
  main: string;
  /** The lesson that the page is; none for the front page. */
  name?: string;
  hasPlots?: boolean;
}

export const COURSE = "Getting to know each other";

/**
 * The page loads what lies beside it, and nothing else; no script stands in the page itself. Plotly sets styles of
 * its elements, and makes pictures of plots to save.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' file:",
  "style-src 'self' file: 'unsafe-inline'",
  "img-src 'self' file: data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Returns a page of the site as HTML. All its addresses are relative. */
export function pageHtml(page: Page, entries: readonly Entry[]): string {
  const title = page.name ? `${page.title} · ${COURSE}` : COURSE;
  const scripts = page.hasPlots ? ["plotly.min.js", "plots.js"] : [];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="style.css">
<script src="page.js"></script>
${scripts.map((source) => `<script src="${source}" defer></script>`).join("\n")}
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header>
<a class="home" href="index.html">${COURSE}</a>
<button type="button" class="theme" hidden>Theme: as the system</button>
</header>
<main id="main" tabindex="-1">
${page.main}
${neighbours(page, entries)}
</main>
<nav class="lessons" aria-label="Lessons">
<h2>Lessons</h2>
<ol>
${entries.map((entry) => `<li>${linkTo(entry, page.name)}</li>`).join("\n")}
</ol>
</nav>
</body>
</html>
`;
}

/** Returns the link to a lesson, with its number. `current` is the lesson that the page is. */
export function linkTo({ name, title }: Entry, current?: string): string {
  const mark = name === current ? ` aria-current="page"` : "";
  return `<a href="${escapeHtml(name)}.html"${mark}><span>${escapeHtml(numberOf(name))}</span> ${escapeHtml(title)}</a>`;
}

/** Returns the number of a lesson, `03` of `03-bitnodes-api`. */
function numberOf(name: string): string {
  return /^\d+/.exec(name)?.[0] ?? "";
}

/** Returns the links to the lessons before and after a page; the front page leads to the first. */
function neighbours({ name }: Page, entries: readonly Entry[]): string {
  const at = entries.findIndex((entry) => entry.name === name);
  const [before, after] = [entries[at - 1], entries[at + 1]];
  const link = (entry: Entry, rel: string, word: string) =>
    `<a rel="${rel}" href="${escapeHtml(entry.name)}.html"><small>${word}</small> ${escapeHtml(entry.title)}</a>`;
  const links = [
    before && link(before, "prev", "Previous"),
    after && link(after, "next", name ? "Next" : "Begin"),
  ];
  return `<nav class="neighbours" aria-label="Previous and next">${links.filter(Boolean).join("\n")}</nav>`;
}
