/** Slides that JupyterLab exports (File > Save and Export Notebook As > Reveal.js Slides). */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { cellSource, type Notebook, readNotebook, serializeNotebook } from "@course/lib/notebook";
import { environment } from "../../scripts/setup/jupyter";
import { root, venvPython } from "../../scripts/setup/paths";
import { remove, temporaryFolder } from "../helpers/course";
import { PROGRAM } from "../helpers/limits";

test(
  "exported slides have one per text, or those that the cells name, and reveal.js in the page",
  async () => {
    const folder = await temporaryFolder();
    onTestFinished(() => remove(folder));
    const lesson = readNotebook(path.join(root, "notebooks", "00-welcome.ipynb"));
    const typed = readNotebook(path.join(root, "notebooks", "00-welcome.ipynb"));
    typed.cells.slice(0, 3).forEach((cell) => (cell.metadata = { slideshow: { slide_type: "slide" } }));

    const [byHeading, byType] = exported(folder, { lesson, typed });
    const texts = lesson.cells.filter((cell) => cell.cell_type === "markdown").map(cellSource);
    const headings = texts.filter((text) => text.startsWith("#"));
    expect(headings.length).toBeGreaterThan(5);
    expect(byHeading.match(/<section[^>]*><section/g)).toHaveLength(headings.length);
    expect(slidesOf(byHeading)).toHaveLength(texts.length);
    // All of a lesson was once one ordinary page.
    expect(slidesOf(byHeading)[0]).toContain("Welcome");
    expect(slidesOf(byHeading)[0]).not.toContain("First, this one");
    expect(slidesOf(byType)).toHaveLength(3);
    for (const page of [byHeading, byType]) {
      expect(page).toContain("Reveal.initialize(");
      expect(page).toMatch(/reveal\.js \d/);
      // Formulas alone are drawn by a script from elsewhere.
      expect(page.match(/(?<=<(script|link)[^>]* (src|href)=")https?:[^"]*/g)?.join() ?? "").toMatch(
        /^https:\/\/\S*mathjax\S*$/,
      );
    }
  },
  PROGRAM,
);

/** Exports notebooks in one run of `jupyter nbconvert`, and returns the pages. */
function exported(folder: string, notebooks: Record<string, Notebook>): string[] {
  const names = Object.keys(notebooks);
  for (const name of names) {
    fs.writeFileSync(path.join(folder, `${name}.ipynb`), serializeNotebook(notebooks[name]));
  }
  const files = names.map((name) => `${name}.ipynb`);
  execFileSync(venvPython, ["-m", "nbconvert", "--to=slides", ...files], {
    cwd: folder,
    env: environment(process.env, path.join(folder, "runtime")),
    stdio: "pipe",
  });
  return names.map((name) => fs.readFileSync(path.join(folder, `${name}.slides.html`), "utf8"));
}

/** Returns the HTML of each slide: a section in a section, or below another. */
function slidesOf(page: string): string[] {
  return page.split(/(?:<section[^>]*>)+/).slice(1);
}
