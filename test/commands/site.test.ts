/** The site of solved lessons: what is on its pages, and which folders it is written to. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { plotBundle, readNotebook } from "@course/lib/notebook";
import { afterAll, beforeAll, expect, test } from "vitest";
import { notebookName, notebooksIn, SOLUTIONS } from "../../scripts/notebooks/files";
import { root } from "../../scripts/setup/paths";
import { aboutLessons } from "../../scripts/site/front-page";
import { siteFiles } from "../../scripts/site/site";
import { requireOurs, writeSite } from "../../scripts/site/write";
import { display, siteLesson } from "../helpers/site";

const HOSTILE = `</script><img src=x onerror="alert(1)">`;

let folder: string;
beforeAll(() => void (folder = fs.mkdtempSync(path.join(os.tmpdir(), "course-site-"))));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** The page of a lesson whose only code cell has these outputs. */
function pageWith(outputs: object[], markdown = "# A lesson"): string {
  return String(siteFiles(new Map([["01-a", siteLesson("01-a", markdown, outputs)]])).get("01-a.html"));
}

test("what strangers wrote into an output is text on the page, in every kind of output", () => {
  const plot = plotBundle([{ x: [1], y: [2], name: HOSTILE, text: [HOSTILE] }], { title: HOSTILE });
  const html = pageWith([
    { output_type: "stream", name: "stdout", text: HOSTILE },
    { output_type: "error", ename: HOSTILE, evalue: "", traceback: [HOSTILE] },
    display({ "text/html": `<table><tr><td onclick="a()">${HOSTILE}</td></tr></table>`, "text/plain": "" }),
    display({ "text/markdown": HOSTILE, "text/plain": "" }),
    display({ "image/png": `"${HOSTILE}`, "text/plain": HOSTILE }),
    display(plot),
  ]);
  // Between the quotes of an attribute, everything is text.
  expect(html.replace(/"[^"]*"/g, '""')).not.toMatch(/<img src=x|<[^>]*\son\w+=/);
  const scripts = [...html.matchAll(/<script[^>]*>/g)].map(([tag]) => tag);
  expect(scripts).toEqual([
    `<script src="page.js">`,
    `<script src="plotly.min.js" defer>`,
    `<script src="plots.js" defer>`,
    `<script type="application/json">`,
  ]);
  expect(html.match(/<\/script>/g)).toHaveLength(scripts.length);
});

test("links between lessons and pictures lead to the site's own files, and others become text", () => {
  const html = pageWith(
    [],
    "# A lesson\n\n[b](01-a.ipynb), [c](99-none.ipynb), [d](https://example.org/)\n\n![alt](../images/envelope.svg) ![e](https://example.org/e.png)",
  );
  expect(html).toContain(`<a href="01-a.html">b</a>, <span>c</span>, <span>d</span>`);
  expect(html).toContain(`<img src="images/envelope.svg" alt="alt">`);
  expect(html).not.toContain("example.org");
});

test("the colours of a terminal stay, and cells with hints are left out", () => {
  const html = pageWith([{ output_type: "stream", name: "stdout", text: "\x1b[32m✓\x1b[39m solved" }]);
  expect(html).toContain(`<span class="ansi-green-fg">✓</span> solved`);
  expect(html).not.toContain("hint(");
});

test("the README says what every lesson is about", () => {
  const about = aboutLessons(fs.readFileSync(path.join(root, "README.md"), "utf8"));
  const lessons = fs.readdirSync(path.join(root, "solutions")).filter((name) => name.endsWith(".ipynb"));
  expect(lessons.filter((name) => !about.get(name.replace(".ipynb", "")))).toEqual([]);
});

test("a folder with other files in it is refused, and left as it is", () => {
  const out = path.join(folder, "others");
  fs.mkdirSync(out);
  fs.writeFileSync(path.join(out, "thesis.txt"), "mine");
  expect(() => requireOurs(out)).toThrow("has files in it that `npm run site` has not written");
  expect(() => requireOurs(path.join(out, "thesis.txt"))).toThrow("is a file: name a folder");
  expect(() => requireOurs(path.join(folder, "no", "such"))).toThrow("there is no folder");
  // A list that names a file outside of the folder is none of ours.
  fs.writeFileSync(
    path.join(out, "course-site.json"),
    JSON.stringify({ madeBy: "npm run site", files: ["../x"] }),
  );
  expect(() => requireOurs(out)).toThrow("has files in it");
});

test("a newer site replaces its own files, and what the host has added stays", () => {
  const out = path.join(folder, "own");
  writeSite(out, new Map([["index.html", "one"], ["images/old.svg", "old"]])); // prettier-ignore
  fs.writeFileSync(path.join(out, "CNAME"), "course.example.org");
  requireOurs(out);
  writeSite(out, new Map([["index.html", "two"]]));
  expect(fs.readFileSync(path.join(out, "index.html"), "utf8")).toBe("two");
  expect(fs.existsSync(path.join(out, "images", "old.svg"))).toBe(false);
  expect(fs.existsSync(path.join(out, "CNAME"))).toBe(true);
});

test("the solved lessons become pages that name no address outside of the site", () => {
  const solutions = notebooksIn(SOLUTIONS);
  const files = siteFiles(new Map(solutions.map((file) => [notebookName(file), readNotebook(file)])));
  const pages = [...files].filter(([name]) => name.endsWith(".html"));
  expect(pages).toHaveLength(solutions.length + 1);
  for (const [page, html] of pages) {
    const places = [...String(html).matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, place]) => place);
    const other = places.filter((place) => !/^(#|data:image\/png;base64,)/.test(place) && !files.has(place));
    expect(other, page).toEqual([]);
  }
});
