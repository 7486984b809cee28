/** The course's pictures as a browser draws them. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BROWSER } from "../helpers/limits";
import { openBrowser } from "./lab";
import { root } from "../../scripts/setup/paths";

const images = path.join(root, "images");
const drawings = readdirSync(images).filter((name) => name.endsWith(".svg"));

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 900, height: 700 } });
}, BROWSER);

afterAll(() => browser?.close());

/** The texts of the drawing that is open, with their places in its own units. */
async function textsOnPage(): Promise<{ text: string; box: Box }[]> {
  return page.locator("text").evaluateAll((elements) =>
    elements.map((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { text: String(element.textContent), box: { left, right, top, bottom } };
    }),
  );
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/**
 * Whether two texts run into each other. Lines may come as close as their ascenders and descenders, which a
 * box counts in.
 */
function overlap(a: Box, b: Box): boolean {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0.5 && height > 4;
}

test.each(drawings)(
  "images/%s is drawn, its texts stay on their card and out of each other's way",
  async (name) => {
    const svg = readFileSync(path.join(images, name), "utf8");
    await page.goto(`data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`);
    expect(await page.locator("parsererror").allTextContents()).toEqual([]);

    const texts = await textsOnPage();
    expect(texts.length).toBeGreaterThan(3);
    const [, height] = /viewBox="0 0 760 (\d+)"/.exec(svg) ?? [];
    const outside = texts.filter(
      ({ box }) => box.left < 4 || box.top < 4 || box.right > 756 || box.bottom > Number(height) - 4,
    );
    expect(outside).toEqual([]);
    const crowded = texts.flatMap((a, i) =>
      texts
        .slice(i + 1)
        .filter((b) => overlap(a.box, b.box))
        .map((b) => `${a.text} / ${b.text}`),
    );
    expect(crowded).toEqual([]);
  },
);
