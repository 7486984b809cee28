/** Plots, the map and tables as a learner sees them: in JupyterLab, and in the page that it exports. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Locator, Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { plotFigure } from "@course/lib/notebook";
import { openPainter } from "../../scripts/solutions/pictures";
import { BROWSER } from "../helpers/limits";
import { seriousProblems } from "./axe";
import { artefacts, chooseInMenu, drawnPlot, type Lab, type OpenNotebook } from "./lab";

const CELLS = {
  setup: `import { check, liveLine, plot, showTable, timeline, worldMap } from "@course/lib";`,
  line: `await new Promise((resolve) => setTimeout(resolve, 1));
plot([{ x: [1, 10, 100], y: [600, 60, 6], name: "measured" }], { title: "Faster", x: "visits at once", y: "seconds" });`,
  bars: `timeline(Array.from({ length: 10_000 }, (_, i) => ({ startedAt: i * 100, connectedAt: i * 100 + 30, sentAt: i * 100 + 31, firstByteAt: i * 100 + 80, endedAt: i * 100 + 90 })));`,
  map: `worldMap([{ latitude: 50, longitude: 10, label: "here" }, { latitude: -30, longitude: 120, label: "there" }], { title: "Two nodes" });`,
  table: `showTable([{ release: "<27.1>", nodes: 3210 }, { release: "0.16", nodes: 12 }], { title: "Releases" });`,
  report: `await check("greeting", (userAgent: string) => "Hello, " + userAgent + "!");`,
  progress: `liveLine()("120 received | 30 failed | 9,850 remaining");`,
  // The last, since with so many points all that is asked of the page takes long.
  nodes: `worldMap(Array.from({ length: 10_000 }, (_, i) => ({ latitude: (i % 100) - 40, longitude: i / 40 - 125, label: "node " + i })), { title: "10,000 nodes" });`,
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

/** Declares the tests. They run in the page of `lab`. */
export function testPlots(lab: () => Lab): void {
  test(
    "plots, the map and a table are drawn, shut nobody out, can be zoomed, follow the window, and stay in the page that is exported, offline",
    async () => {
      const { course } = lab();
      writeFileSync(course.fileOf("plots"), JSON.stringify(NOTEBOOK));
      const open = await lab().open("plots", 5_000);
      const loads: string[] = [];
      open.page.on(
        "request",
        (request) => void (request.url().includes("plotly") && loads.push(request.url())),
      );
      const [last, ...others] = Object.keys(CELLS).reverse();
      for (const id of others.reverse()) await open.run(id);

      expect(await pointsOf(open.cell("line"))).toEqual({ measured: 3 });
      expect(await pointsOf(open.cell("bars"))).toEqual(BARS);
      expect(await open.output("bars")).toContain("the first 60 of 10,000 visits");
      expect(await pointsOf(open.cell("map"))).toMatchObject({ points: 2 });
      expect(await open.output("table")).toMatch(/<27\.1>\s+3,210/);
      expect(loads.map((address) => new URL(address).pathname)).toEqual(["/kernelspecs/tslab/plotly.min.js"]);
      expect(await open.output("report")).toContain("✗");
      await checkThemes(open);
      await checkKeyboard(open);
      await checkForcedColours(open);

      await open.run(last);
      expect(await pointsOf(open.cell("nodes"))).toMatchObject({ points: 10_000 });
      await checkTables(open);
      for (const id of ["line", "bars", "nodes", "table"]) await open.screenshot(`plot-${id}`, id);
      await keepDrawTimes(open);

      await zoom(open);
      await narrow(open);
      await open.page.keyboard.press("ControlOrMeta+S");
      await vi.waitUntil(() => readFileSync(course.fileOf("plots"), "utf8").includes("course-table"), {
        timeout: 15_000,
      });
      expect(readFileSync(course.fileOf("plots")).length).toBeLessThan(2_000_000);
      await checkExport(open, lab());
    },
    BROWSER,
  );

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
}

/** Opens the tables of two plots with the keyboard, and reads them. */
async function checkTables(lab: OpenNotebook): Promise<void> {
  for (const id of ["line", "nodes"]) {
    await lab.cell(id).locator("summary").focus();
    await lab.page.keyboard.press("Enter");
  }
  const rows = lab.cell("line").locator(".course-plot-data tr");
  await rows.last().waitFor();
  expect((await rows.allInnerTexts()).map((row) => row.split(/\s*\t/))).toEqual([
    ["series", "visits at once", "seconds"],
    ["measured", "1", "600"],
    ["measured", "10", "60"],
    ["measured", "100", "6"],
  ]);
  const map = lab.cell("nodes").locator(".course-plot-data");
  await map.locator("tr").last().waitFor();
  expect(await map.locator("caption").innerText()).toBe("1–1,000 / 10,000");
  expect(await map.locator("td.text", { hasText: /^node 999$/ }).count()).toBe(1);
  for (const id of ["line", "nodes"]) await lab.cell(id).locator("summary").click();
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
    await chooseInMenu(lab.page, "Settings", "Theme", theme);
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
  const plot = lab.cell("nodes").locator(".js-plotly-plot");
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
async function checkExport(lab: OpenNotebook, { browser, course }: Lab): Promise<void> {
  const file = path.join(artefacts, "plots-exported.html");
  // JupyterLab answers only to its own pages.
  const headers = { referer: lab.page.url() };
  const response = await lab.page.request.get(course.exportOf("plots"), { headers });
  expect(response.status()).toBe(200);
  writeFileSync(file, await response.body());
  const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 5_000 } });
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href);
  const cell = (id: string) => page.locator(".jp-CodeCell").nth(Object.keys(CELLS).indexOf(id));
  expect(await pointsOf(cell("line"))).toEqual({ measured: 3 });
  expect(await pointsOf(cell("bars"))).toEqual(BARS);
  expect(await pointsOf(cell("nodes"))).toMatchObject({ points: 10_000 });
  expect(await page.locator("html").getAttribute("lang")).toBe("en");
  expect(await seriousProblems(page)).toEqual([]);
  await page.screenshot({ path: path.join(artefacts, "plots-exported.png") });
  await context.close();
}
