/** Plots, the map and tables as a learner sees them: in JupyterLab, and in the page that it exports. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Browser, Locator, Page } from "playwright-core";
import { plotFigure } from "@course/lib/notebook";
import { openPainter } from "../../scripts/solutions/pictures";
import { BROWSER } from "../helpers/limits";
import { seriousProblems } from "./axe";
import { artefacts, type Course, drawnPlot, openBrowser, OpenNotebook, startCourse } from "./lab";

const CELLS = {
  setup: `import { check, liveLine, plot, showTable, timeline, worldMap } from "@course/lib";`,
  line: `await new Promise((resolve) => setTimeout(resolve, 1));
plot([{ x: [1, 10, 100], y: [600, 60, 6], name: "measured" }], { title: "Faster", x: "visits at once", y: "seconds" });`,
  bars: `timeline(Array.from({ length: 10_000 }, (_, i) => ({ startedAt: i * 100, connectedAt: i * 100 + 30, sentAt: i * 100 + 31, firstByteAt: i * 100 + 80, endedAt: i * 100 + 90 })));`,
  map: `worldMap(Array.from({ length: 10_000 }, (_, i) => ({ latitude: (i % 100) - 40, longitude: i / 40 - 125, label: "node " + i })), { title: "10,000 nodes" });`,
  table: `showTable([{ release: "<27.1>", nodes: 3210 }, { release: "0.16", nodes: 12 }], { title: "Releases" });`,
  report: `await check("greeting", (userAgent: string) => "Hello, " + userAgent + "!");`,
  progress: `liveLine()("120 received | 30 failed | 9,850 remaining");`,
};
const NOTEBOOK = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" },
    language_info: { name: "typescript" },
  },
  cells: Object.entries(CELLS).map(([id, source]) => ({
    id,
    source,
    cell_type: "code",
    metadata: {},
    outputs: [],
    execution_count: null,
  })),
};

let course: Course;
let browser: Browser;

beforeAll(async () => {
  [course, browser] = await Promise.all([startCourse("http://127.0.0.1:1/"), openBrowser()]);
  writeFileSync(course.fileOf("plots"), JSON.stringify(NOTEBOOK));
}, BROWSER);

afterAll(async () => {
  await browser?.close();
  await course?.stop();
}, BROWSER);

/** A plot on a page, with what plotly keeps of it. */
interface Drawn {
  data: { name?: string; x: unknown[] }[];
  layout: { xaxis: { range: [number, number] } };
}

/** How many points each trace of a plot has, as it stands on the page. */
async function pointsOf(place: Locator): Promise<Record<string, number>> {
  const plot = await drawnPlot(place);
  const read = (element: unknown) =>
    (element as Drawn).data.map(({ name, x }) => [name ?? "", x.length] as const);
  return Object.fromEntries(await plot.evaluate(read));
}

const BARS = { connecting: 60, sending: 60, waiting: 60, reading: 60 };

test(
  "plots, the map and a table are drawn, shut nobody out, can be zoomed, follow the window, and stay in the page that is exported, offline",
  async () => {
    const lab = await OpenNotebook.open(browser, course, "plots", 5_000);
    const loads: string[] = [];
    lab.page.on("request", (request) => void (request.url().includes("plotly") && loads.push(request.url())));
    for (const id of Object.keys(CELLS)) await lab.run(id);

    expect(await pointsOf(lab.cell("line"))).toEqual({ measured: 3 });
    expect(await pointsOf(lab.cell("bars"))).toEqual(BARS);
    expect(await lab.output("bars")).toContain("the first 60 of 10,000 visits");
    expect(await pointsOf(lab.cell("map"))).toMatchObject({ points: 10_000 });
    expect(await lab.output("table")).toMatch(/<27\.1>\s+3,210/);
    expect(loads.map((address) => new URL(address).pathname)).toEqual(["/kernelspecs/tslab/plotly.min.js"]);
    await checkTables(lab);
    expect(await lab.output("report")).toContain("✗");
    await checkThemes(lab);
    await checkKeyboard(lab);
    await checkForcedColours(lab);
    for (const id of ["line", "bars", "map", "table"]) await lab.screenshot(`plot-${id}`, id);
    await keepDrawTimes(lab);

    await zoom(lab);
    await narrow(lab);
    await lab.page.keyboard.press("ControlOrMeta+S");
    await vi.waitUntil(() => readFileSync(course.fileOf("plots"), "utf8").includes("course-table"), {
      timeout: 15_000,
    });
    expect(readFileSync(course.fileOf("plots")).length).toBeLessThan(2_000_000);
    await checkExport(lab);
    await lab.page.close();
  },
  BROWSER,
);

/** Opens the tables of two plots with the keyboard, and reads them. */
async function checkTables(lab: OpenNotebook): Promise<void> {
  for (const id of ["line", "map"]) {
    await lab.cell(id).locator("summary").focus();
    await lab.page.keyboard.press("Enter");
  }
  const rows = lab.cell("line").locator(".course-plot-data tr");
  expect((await rows.allInnerTexts()).map((row) => row.split(/\s*\t/))).toEqual([
    ["series", "visits at once", "seconds"],
    ["measured", "1", "600"],
    ["measured", "10", "60"],
    ["measured", "100", "6"],
  ]);
  const map = lab.cell("map").locator(".course-plot-data");
  expect(await map.locator("caption").innerText()).toBe("1–1,000 / 10,000");
  expect(await map.locator("td.text", { hasText: /^node 999$/ }).count()).toBe(1);
  for (const id of ["line", "map"]) await lab.cell(id).locator("summary").click();
}

/** Lets JupyterLab believe that it saves its theme, so that the settings of this copy of the course stay. */
async function keepThemesHere(page: Page): Promise<void> {
  let raw: string | undefined;
  await page.route(/\/lab\/api\/settings\/.*themes/, async (route) => {
    if (route.request().method() === "PUT") {
      ({ raw } = route.request().postDataJSON() as { raw: string });
      return route.fulfill({ status: 204 });
    }
    const response = await route.fetch();
    const json = (await response.json()) as object;
    return route.fulfill({ response, json: raw === undefined ? json : { ...json, raw } });
  });
}

const THEMES = ["JupyterLab Dark", "JupyterLab Dark High Contrast", "JupyterLab Light"];

/** Expects that axe finds nothing serious in any output, in JupyterLab's themes. */
async function checkThemes(lab: OpenNotebook): Promise<void> {
  await keepThemesHere(lab.page);
  for (const theme of THEMES) {
    await lab.page.locator(".lm-MenuBar-itemLabel", { hasText: /^Settings$/ }).click();
    await lab.page.locator(".lm-Menu-itemLabel", { hasText: /^Theme$/ }).click();
    await lab.page.locator(".lm-Menu-itemLabel", { hasText: new RegExp(`^${theme}$`) }).click();
    await lab.page.locator(`body[data-jp-theme-name="${theme}"]`).waitFor({ state: "attached" });
    expect(await seriousProblems(lab.page, ".jp-OutputArea-output"), theme).toEqual([]);
    await lab.screenshot(`theme-${theme.replaceAll(" ", "-").toLowerCase()}`);
  }
}

/** Goes into a plot with the keyboard, and out of it again, on both sides. */
async function checkKeyboard(lab: OpenNotebook): Promise<void> {
  const { keyboard } = lab.page;
  const focused = lab.cell("map").locator(":focus");
  await lab.cell("map").focus();
  await keyboard.press("Tab");
  expect(await focused.getAttribute("class")).toContain("modebar-btn");
  let steps = 1;
  while ((await focused.evaluate((element) => element.tagName)) !== "SUMMARY") {
    await keyboard.press("Tab");
    expect(++steps).toBeLessThan(20);
  }
  await keyboard.press("Tab");
  expect(await focused.count()).toBe(0);
  while (steps-- >= 0) await keyboard.press("Shift+Tab");
  expect(await lab.cell("map").locator(".course-plot :focus").count()).toBe(0);
}

/** Expects that the text of a plot has the colours that a user's system forces on pages. */
async function checkForcedColours(lab: OpenNotebook): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await lab.page.emulateMedia({ forcedColors: "active", colorScheme });
    const text = lab.cell("line").locator(".xtick text").first();
    const fill = await text.evaluate((element) => getComputedStyle(element).fill);
    expect(fill).toBe(await lab.page.evaluate<string>(SYSTEM_TEXT));
    await lab.screenshot(`forced-colours-${colorScheme}`);
  }
  await lab.page.emulateMedia({ forcedColors: "none", colorScheme: "light" });
}

/** The colour of text that the system forces. */
const SYSTEM_TEXT = `(() => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = "CanvasText";
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
})()`;

/** How long drawing took, in milliseconds, for those who look at the artefacts. */
async function keepDrawTimes(lab: OpenNotebook): Promise<void> {
  const times = `performance.getEntriesByName("course-plot").map(({ duration }) => Math.round(duration))`;
  const file = path.join(artefacts, "plots-draw-times-ms.json");
  writeFileSync(file, JSON.stringify(await lab.page.evaluate<number[]>(times)) + "\n");
}

/** Draws a rectangle on the map with the mouse, and expects the map to show less of the world. */
async function zoom(lab: OpenNotebook): Promise<void> {
  const plot = lab.cell("map").locator(".js-plotly-plot");
  const width = () =>
    plot.evaluate((element) => {
      const [left, right] = (element as unknown as Drawn).layout.xaxis.range;
      return right - left;
    });
  const before = await width();
  const box = (await plot.locator(".nsewdrag").boundingBox())!;
  await lab.page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.3);
  await lab.page.mouse.down();
  await lab.page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.6, { steps: 4 });
  await lab.page.mouse.up();
  await vi.waitUntil(async () => (await width()) < before / 2, { timeout: 15_000 });
}

/** Makes the window narrower, and expects the plots to follow. */
async function narrow(lab: OpenNotebook): Promise<void> {
  const width = async () => (await lab.cell("line").locator(".main-svg").first().boundingBox())!.width;
  const before = await width();
  await lab.page.setViewportSize({ width: 1000, height: lab.page.viewportSize()!.height });
  await vi.waitUntil(async () => (await width()) < before - 100, { timeout: 15_000 });
}

/** Exports the notebook as JupyterLab does, and opens the page in a browser that is offline. */
async function checkExport(lab: OpenNotebook): Promise<void> {
  const file = path.join(artefacts, "plots-exported.html");
  // JupyterLab answers only to its own pages.
  const headers = { referer: lab.page.url() };
  const response = await lab.page.request.get(course.exportOf("plots"), { headers });
  expect(response.status()).toBe(200);
  writeFileSync(file, await response.body());
  const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 2400 } });
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href);
  const cells = page.locator(".jp-CodeCell");
  expect(await pointsOf(cells.nth(1))).toEqual({ measured: 3 });
  expect(await pointsOf(cells.nth(2))).toEqual(BARS);
  expect(await pointsOf(cells.nth(3))).toMatchObject({ points: 10_000 });
  expect(await page.locator("html").getAttribute("lang")).toBe("en");
  expect(await seriousProblems(page)).toEqual([]);
  await page.screenshot({ path: path.join(artefacts, "plots-exported.png") });
  await context.close();
}

test(
  "a plot becomes a picture",
  async () => {
    const painter = openPainter();
    const figure = plotFigure([{ x: [1, 2], y: [3, 4] }], { title: "Two", height: 200 });
    const png = Buffer.from(await painter.png(figure), "base64");
    await painter.close();
    writeFileSync(path.join(artefacts, "plot-picture.png"), png);
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    expect([png.subarray(1, 4).toString(), width, height]).toEqual(["PNG", 1290, 300]);
  },
  BROWSER,
);
