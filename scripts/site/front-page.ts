/** The front page of the site: what the README says of the course, and a list of the lessons. */
import { escapeHtml } from "@course/lib/notebook";
import { lessonMarkdown, type PlaceOf } from "./markdown";
import { COURSE, type Entry, linkTo, type Page } from "./page";

/** Returns what the README says a lesson is about, by the lesson's name. */
export function aboutLessons(readme: string): Map<string, string> {
  const rows = readme.matchAll(/^\| *\[([\w-]+)\]\(notebooks\/[\w-]+\.ipynb\) *\| *(.*?) *\|/gm);
  return new Map([...rows].map(([, name, about]) => [name, about]));
}

/** Returns the front page. */
export function frontPage(readme: string, entries: readonly Entry[]): Page {
  const items = entries.map((entry) => `<li>${linkTo(entry)}<br>${escapeHtml(entry.about)}</li>`);
  return {
    title: COURSE,
    main: [
      lessonMarkdown(introduction(readme), onlyImages),
      `<p>These are the lessons solved, with what they print. Writing the answers yourself is more fun: in the course's folder, <code>npm ci &amp;&amp; npm start</code> opens the same pages as notebooks, with checks and hints instead of solutions.</p>`,
      `<h2 id="lessons">The lessons</h2>`,
      `<ol class="cards">${items.join("\n")}</ol>`,
    ].join("\n"),
  };
}

/** Returns the README's text before its first section, without badges. */
function introduction(readme: string): string {
  const [head] = readme.split(/^## /m);
  return head.replace(/^\[?!\[[^\]]*\]\(https?:.*$/gm, "");
}

const onlyImages: PlaceOf = (target) => (/^images\/[\w-]+\.\w+$/.test(target) ? target : undefined);
