/**
 * Turns plots into pictures, for `solutions/`: a code-hosting page runs no scripts, so a plot would be empty
 * there.
 *
 * Plotly draws them in a Chromium, which is started for the first plot.
 */
import path from "node:path";
import { losslessJson } from "@course/lib/notebook";
import type { Browser, Page } from "playwright-core";
import { Failure } from "../cli/failure";
import { findChromium, installChromium } from "../setup/chromium";
import { root } from "../setup/paths";

/** Plotly's MIME type: an output with it is a plot. */
export const PLOTLY = "application/vnd.plotly.v1+json";

/** Draws plots until it is closed. */
export interface Painter {
  /**
   * Draws a plot as a PNG in base64.
   *
   * @throws Failure if there is no Chromium and none can be installed.
   */
  png(figure: Figure): Promise<string>;
  close(): Promise<void>;
}

interface Figure {
  data: object[];
  layout: { height?: number };
}

/** What an output holds, by MIME type. */
interface Output {
  data?: Record<string, unknown>;
}

/** The width of a notebook on a code-hosting page in pixels, and a scale for high-resolution screens. */
const WIDTH = 860;
const SCALE = 1.5;

/** Returns a painter that starts its Chromium for the first plot. */
export function openPainter(signal?: AbortSignal): Painter {
  let opened: Promise<{ browser: Browser; page: Page }> | undefined;
  return {
    async png(figure) {
      const { page } = await (opened ??= openPage(signal));
      return paint(page, figure);
    },
    async close() {
      await opened?.then(({ browser }) => browser.close()).catch(() => {});
    },
  };
}

async function openPage(signal?: AbortSignal): Promise<{ browser: Browser; page: Page }> {
  // Imported here, since Playwright is a development dependency and learners exchange solutions without it.
  const { chromium } = await import("playwright-core");
  const executablePath = (await findChromium(signal)) ?? (await installChromium(signal));
  if (executablePath === undefined) {
    throw new Failure(
      "Plots become pictures with a Chromium; there is none, and none could be installed: install Chromium or Google Chrome, or set CHROMIUM_PATH.",
    );
  }
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const page = await browser.newPage();
  await page.addScriptTag({ path: path.join(root, "node_modules", "plotly.js-dist-min", "plotly.min.js") });
  return { browser, page };
}

/** Returns plotly's own picture of a figure. */
async function paint(page: Page, figure: Figure): Promise<string> {
  const size = { width: WIDTH, height: Number(figure.layout.height ?? 400), scale: SCALE };
  const call = `Plotly.toImage(${losslessJson(figure)}, ${JSON.stringify({ format: "png", ...size })})`;
  const address = await page.evaluate<string>(call);
  return address.slice(address.indexOf(",") + 1);
}

/** Returns the outputs of a cell with a picture and a sentence instead of each plot. */
export async function withPictures<T extends Output>(outputs: readonly T[], painter: Painter): Promise<T[]> {
  const painted: T[] = [];
  for (const output of outputs) {
    const figure = output.data?.[PLOTLY] as Figure | undefined;
    if (!figure) painted.push(output);
    else painted.push({ ...output, data: await pictureOf(figure, output.data?.["text/plain"], painter) });
  }
  return painted;
}

async function pictureOf(figure: Figure, sentence: unknown, painter: Painter): Promise<Record<string, unknown>> {
  return { "image/png": await painter.png(figure), "text/plain": sentence };
}
