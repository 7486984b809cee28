/** The site of solved lessons as a reader has it: opened from a folder, with no server. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Notebook, plotBundle, tableHtml } from "@course/lib/notebook";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { siteFiles } from "../../scripts/site/site";
import { writeSite } from "../../scripts/site/write";
import { BROWSER } from "../helpers/limits";
import { display, siteLesson } from "../helpers/site";
import { seriousProblems } from "./axe";
import { artefacts, drawnPlot, openBrowser } from "./lab";

const HOSTILE = `</script><img src=x onerror="document.title = 'taken'">`;
const PLOT = display(plotBundle([{ x: [1, 2], y: [3, 4], name: HOSTILE }], { title: "Two", x: HOSTILE }));
const OUTPUTS = [
  { output_type: "stream", name: "stdout", text: `\x1b[32m✓\x1b[39m solved\n\x1b[31m✗\x1b[39m ${HOSTILE}\n` },
  display({ "text/html": tableHtml([{ agent: HOSTILE, nodes: 12 }], { title: "Agents" }), "text/plain": "" }),
  PLOT,
  display({ "text/plain": `  0  ${"f9 ".repeat(16)}\n 16  ${"be ".repeat(16)}\n` }),
];
/** Code in a text, wider than a phone. */
const FENCED = `\`\`\`ts\n${"wide + ".repeat(20)}1\n\`\`\``;

let folder: string;
let browser: Browser;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "course-site-"));
  const lessons = new Map<string, Notebook>();
  for (const name of ["00-a", "01-b"])
    lessons.set(
      name,
      siteLesson(name, `# Lesson ${name}\n\n${FENCED}\n\n| a | b |\n|---|---|\n| 1 | 2 |`, OUTPUTS),
    );
  const long = Array<object>(10).fill(display({ "text/plain": "a line\n".repeat(400) }));
  lessons.set("02-long", siteLesson("02-long", "# Long", [PLOT, ...long, PLOT]));
  writeSite(folder, siteFiles(lessons));
  browser = await openBrowser();
}, BROWSER);

afterAll(async () => {
  await browser?.close();
  fs.rmSync(folder, { recursive: true, force: true });
}, BROWSER);

/** Opens a page of the site. Collects what it asks for outside of its folder, and its errors. */
async function open(name: string, theme: "light" | "dark", width: number) {
  const context = await browser.newContext({ colorScheme: theme, viewport: { width, height: 900 } });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
  page.on("pageerror", (error) => void complaints.push(String(error)));
  const home = pathToFileURL(folder).href;
  page.on("request", (request) => {
    if (!request.url().startsWith(home) && !/^(data|blob):/.test(request.url()))
      complaints.push(request.url());
  });
  await page.goto(pathToFileURL(path.join(folder, name)).href);
  return { page, complaints, close: () => context.close() };
}

const isWider = (page: Page) =>
  page.evaluate<boolean>("document.documentElement.scrollWidth > document.documentElement.clientWidth");

test.each([
  ["light", 1280],
  ["dark", 400],
] as const)(
  "a lesson is drawn on a %s page of %i pixels, and loads nothing from elsewhere",
  async (theme, width) => {
    const { page, complaints, close } = await open("00-a.html", theme, width);
    const plot = page.locator(".course-plot");
    await plot.scrollIntoViewIfNeeded();
    await drawnPlot(plot);
    await plot.locator("summary").click();
    await expect.poll(() => plot.locator("tbody tr").count()).toBe(2);
    expect(await page.title()).not.toBe("taken");
    expect(await isWider(page)).toBe(false);
    // A dump whose lines are broken is not one any more.
    const dump = page.locator("pre.columns");
    expect((await dump.innerText()).trim().split("\n")).toHaveLength(2);
    expect(await dump.evaluate((element) => getComputedStyle(element).whiteSpace)).toBe("pre");
    await page.screenshot({ path: path.join(artefacts, `site-${theme}-${width}.png`), fullPage: true });
    expect(complaints).toEqual([]);
    expect(await withoutPolicy(page)).toEqual([]);
    await close();
  },
  BROWSER,
);

/** axe is a script of its own, which the page's policy would not let in. */
async function withoutPolicy(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setBypassCSP", { enabled: true });
  return seriousProblems(page);
}

test(
  "on paper a page is light, and no output is cut off; with forced colours one lesson is marked as the current one",
  async () => {
    const { page, close } = await open("02-long.html", "dark", 1280);
    await page.evaluate("document.documentElement.dataset.theme = 'dark'");
    await page.emulateMedia({ media: "print" });
    const styleOf = (selector: string, name: string) =>
      page.evaluate<string>(`getComputedStyle(document.querySelector("${selector}")).${name}`);
    expect(await styleOf(":root", "colorScheme")).toBe("light");
    expect(await styleOf("pre.output", "maxHeight")).toBe("none");
    await page.emulateMedia({ media: "screen", forcedColors: "active" });
    const border = (selector: string) => styleOf(`nav.lessons ${selector}`, "borderLeftColor");
    expect(await border("a[aria-current]")).not.toBe(await border("a:not([aria-current])"));
    expect(await border("a:not([aria-current])")).toBe(await styleOf("body", "backgroundColor"));
    await close();
  },
  BROWSER,
);

// Printing drew the plots near the reader again, and left out those that were far.
test(
  "a plot is drawn when the reader comes near it or the page is printed, and once only",
  async () => {
    const { page, complaints, close } = await open("02-long.html", "light", 1280);
    const plots = page.locator(".course-plot");
    const drawings = () => page.evaluate<number>("performance.getEntriesByName('course-plot').length");
    await drawnPlot(plots.nth(0));
    await expect.poll(drawings).toBe(1);
    await page.pdf();
    await drawnPlot(plots.nth(1));
    await expect.poll(drawings).toBe(2);
    await page.pdf();
    expect(await drawings()).toBe(2);
    expect(complaints).toEqual([]);
    await close();
  },
  BROWSER,
);

test(
  "code is copied, a theme stays from page to page, and the keyboard leads to the next lesson",
  async () => {
    const { page, close } = await open("00-a.html", "light", 1280);
    await page.locator("button.copy").first().focus();
    await page.keyboard.press("Enter");
    await page.locator("button.copy", { hasText: "Copied" }).waitFor();
    expect(await page.evaluate<string>("navigator.clipboard.readText()")).toBe(
      `const a: string = "<b>"; // say`,
    );

    const theme = page.locator("button.theme");
    await theme.click();
    await theme.click();
    const dark = () => page.evaluate<string>("getComputedStyle(document.documentElement).colorScheme");
    expect(await dark()).toBe("dark");
    await page.locator("a[rel=next]").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/01-b\.html$/);
    expect(await theme.textContent()).toBe("Theme: dark");
    expect(await dark()).toBe("dark");
    expect(await page.locator("a[rel=prev]").getAttribute("href")).toBe("00-a.html");
    await close();
  },
  BROWSER,
);
