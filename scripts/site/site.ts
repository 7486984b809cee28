/** All files of the site, by their paths. */
import fs from "node:fs";
import path from "node:path";
import { type Notebook, plotParts } from "@course/lib/notebook";
import { root } from "../setup/paths";
import { aboutLessons, frontPage } from "./front-page";
import { lessonPage } from "./lesson";
import { pageHtml } from "./page";

/** The files that all pages share. */
const STATIC = path.join(__dirname, "files");
const README = path.join(root, "README.md");

/** Returns the site of solved lessons, given by their names in the order of the course. */
export function siteFiles(lessons: ReadonlyMap<string, Notebook>): Map<string, string | Uint8Array> {
  const readme = fs.readFileSync(README, "utf8");
  const about = aboutLessons(readme);
  const names = [...lessons.keys()];
  const pages = [...lessons].map(([name, notebook]) => ({ name, ...lessonPage(notebook, names) }));
  const entries = pages.map(({ name, title }) => ({ name, title, about: about.get(name) ?? "" }));
  const front = frontPage(readme, entries);

  const files = new Map<string, string | Uint8Array>([["index.html", pageHtml(front, entries)]]);
  for (const page of pages) files.set(`${page.name}.html`, pageHtml(page, entries));
  files.set("page.js", fs.readFileSync(path.join(STATIC, "page.js"), "utf8"));
  files.set("style.css", fs.readFileSync(path.join(STATIC, "style.css"), "utf8") + plotParts.css + "\n");
  if (pages.some(({ hasPlots }) => hasPlots)) {
    files.set("plotly.min.js", fs.readFileSync(require.resolve("plotly.js-dist-min")));
    files.set("plots.js", plotsScript());
  }
  const images = new Set([...pages.flatMap((page) => page.images), ...imagesOf(front.main)]);
  for (const image of images) files.set(`images/${image}`, fs.readFileSync(path.join(root, "images", image)));
  return files;
}

/** Returns the script that draws plots: with the same functions as the plots of a notebook. */
function plotsScript(): string {
  const script = fs.readFileSync(path.join(STATIC, "plots.js"), "utf8");
  return `const drawPlot = ${plotParts.draw};\nconst tableOfPlot = ${plotParts.table};\n${script}`;
}

function imagesOf(html: string): string[] {
  return [...html.matchAll(/src="images\/([\w-]+\.\w+)"/g)].map(([, name]) => name);
}
