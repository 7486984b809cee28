/**
 * JupyterLab in a Chromium, driven as a learner drives it: cells are clicked, typed into and run.
 *
 * The course is started with its own `npm start`, on copies of the notebooks, so that nobody's work
 * is touched. The window is so tall that all of a notebook is on the page.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { type Browser, chromium, type Locator, type Page, type Response } from "playwright-core";
import { vi } from "vitest";
import { freePort } from "../../scripts/setup/port";
import { root } from "../../scripts/setup/paths";

/** Screenshots stay here, to be looked at after a run. */
export const artefacts = path.join(root, "test", "artefacts");

/** Higher than the lessons that are opened, with their outputs, in pixels. */
const HEIGHT = 8_000;

/** `npm start`, on copies of the notebooks. */
export interface Course {
  /** The address of a notebook in JupyterLab. */
  addressOf(notebook: string): string;
  /** The file of a notebook: a copy, or one that a test has written there. */
  fileOf(notebook: string): string;
  /** The address of a notebook as JupyterLab's File > Save and Export Notebook As > HTML asks for it. */
  exportOf(notebook: string): string;
  stop(): Promise<void>;
}

/** Starts the course, calling the network whose API is at `bitnodesUrl`. */
async function startCourse(bitnodesUrl: string): Promise<Course> {
  mkdirSync(artefacts, { recursive: true });
  const folder = mkdtempSync(path.join(artefacts, "course-"));
  cpSync(path.join(root, "notebooks"), path.join(folder, "notebooks"), { recursive: true });
  symlinkSync(path.join(root, "images"), path.join(folder, "images"));

  const env = { ...process.env, BITNODES_URL: bitnodesUrl };
  // Of courses that start in the same moment, each would find the usual port free.
  const options = ["--no-browser", "--port", String(await freePort())];
  const child = spawn(process.execPath, ["scripts/run.cjs", "start", ...options], { cwd: root, env });
  const home = new URL(await printedAddress(child));
  const fileOf = (notebook: string) => path.join(folder, "notebooks", `${notebook}.ipynb`);
  return {
    fileOf,
    exportOf: (notebook) =>
      `${home.origin}/nbconvert/html/${path.relative(root, fileOf(notebook))}?download=true`,
    addressOf(notebook) {
      const place = path.relative(root, fileOf(notebook));
      // A workspace of its own, or JupyterLab would open what the test before had open.
      return `${home.origin}/lab/workspaces/${notebook}/tree/${place}${home.search}`;
    },
    async stop() {
      if (child.exitCode === null && child.kill("SIGINT")) await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The address that `npm start` prints once JupyterLab answers. Rejects with what it said if it ends before. */
function printedAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (text: Buffer) => {
      said += String(text);
      const [address] = /http:\/\/127\.0\.0\.1:\d+\/lab\S*\?token=\w+/.exec(said) ?? [];
      if (address) resolve(address);
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", () => reject(new Error(`npm start ended: ${said}`)));
  });
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH,
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
  });
}

/** The first plot of a place on a page, once it is drawn. */
export async function drawnPlot(place: Locator): Promise<Locator> {
  const plot = place.locator(".js-plotly-plot").first();
  await plot.locator(".main-svg").first().waitFor({ timeout: 30_000 });
  return plot;
}

/**
 * A page of JupyterLab, in which notebooks are opened one after the other: to load another page takes a browser four
 * times as long as to open another notebook.
 */
export class Lab {
  private page: Page | undefined;

  private constructor(
    readonly course: Course,
    readonly browser: Browser,
  ) {}

  /** Starts the course, which calls the network whose API is at `bitnodesUrl`, and a browser. */
  static async start(bitnodesUrl: string): Promise<Lab> {
    return new Lab(...(await Promise.all([startCourse(bitnodesUrl), openBrowser()])));
  }

  /**
   * Opens a notebook. The one that was open is saved and closed, and its kernel ended.
   *
   * @param height Of the window, which has to hold the whole notebook.
   */
  async open(notebook: string, height = HEIGHT): Promise<OpenNotebook> {
    const size = { width: 1280, height };
    const [place, page] = [this.course.fileOf(notebook), (this.page ??= await this.browser.newPage())];
    const isNew = page.url() === "about:blank";
    if (!isNew) await closeNotebook(page);
    await page.setViewportSize(size);
    // Until then JupyterLab asks those who run a cell which kernel they want.
    const session = page.waitForResponse((response) => isNewSession(response), { timeout: 60_000 });
    if (isNew) await page.goto(this.course.addressOf(notebook));
    else {
      await chooseInMenu(page, "File", "Open from Path…");
      await page.locator(".jp-Dialog input").fill(path.relative(root, place));
      await page.keyboard.press("Enter");
    }
    await session;
    return OpenNotebook.on(page, place);
  }

  /** Lets the next notebook be opened on a new page: after a test that failed, this one may be in any state. */
  async leavePage(): Promise<void> {
    await this.page?.close();
    this.page = undefined;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.course.stop();
  }
}

function isNewSession(response: Response): boolean {
  return response.request().method() === "POST" && new URL(response.url()).pathname === "/api/sessions";
}

/**
 * Chooses an entry of a menu of JupyterLab's, by the labels of the menu, of its part if it has any, and of the
 * entry.
 */
export async function chooseInMenu(page: Page, menu: string, ...labels: string[]): Promise<void> {
  await page.locator(".lm-MenuBar-itemLabel", { hasText: new RegExp(`^${menu}$`) }).click();
  for (const label of labels)
    await page.locator(".lm-Menu-itemLabel", { hasText: new RegExp(`^${label}$`) }).click();
}

async function closeNotebook(page: Page): Promise<void> {
  await chooseInMenu(page, "File", "Close and Shut Down Notebook…");
  const [panel, button] = [page.locator(".jp-NotebookPanel"), page.locator(".jp-Dialog .jp-mod-accept")];
  // It asks whether to end the kernel, and whether to save what has not been saved.
  await vi.waitUntil(
    async () => {
      if ((await button.count()) > 0) await button.first().click();
      return (await panel.count()) === 0;
    },
    { timeout: 30_000, interval: 250 },
  );
}

/** A notebook that is open in JupyterLab. Its cells go by their ids. */
export class OpenNotebook {
  private constructor(
    readonly page: Page,
    private readonly ids: string[],
  ) {}

  /** Resolves when a notebook that is being opened is there, and its kernel has started. */
  static async on(page: Page, file: string): Promise<OpenNotebook> {
    const { cells } = JSON.parse(readFileSync(file, "utf8")) as { cells: { id: string }[] };
    const ids = cells.map((cell) => cell.id);
    const open = new OpenNotebook(page, ids);
    await open.cell(ids[ids.length - 1]).waitFor({ state: "attached", timeout: 60_000 });
    const idle = page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]");
    await idle.first().waitFor({ timeout: 60_000 });
    return open;
  }

  /** The cells from the first to this one. */
  upTo(id: string): string[] {
    return this.ids.slice(0, this.ids.indexOf(id) + 1);
  }

  cell(id: string): Locator {
    const index = this.ids.indexOf(id);
    if (index === -1) throw new Error(`no cell ${id}`);
    return this.page.locator(`.jp-Notebook .jp-Cell[data-windowed-list-index="${index}"]`);
  }

  /** Replaces the text of a cell. */
  async write(id: string, source: string): Promise<void> {
    await this.cell(id).locator(".cm-content").click();
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.insertText(source);
  }

  /** Presses Shift+Enter in a cell; does not wait for it to end. */
  async begin(id: string): Promise<void> {
    await this.cell(id).locator(".cm-content").click();
    await this.page.keyboard.press("Shift+Enter");
    await this.cell(id).locator(".jp-InputPrompt", { hasText: "[*]" }).or(this.ended(id)).waitFor();
  }

  /** Runs a cell to its end, and gives the text under it. */
  async run(id: string): Promise<string> {
    const before = await this.count(id);
    await this.begin(id);
    // Looked up each time: JupyterLab takes cells out of the page that are far from the window.
    await vi.waitUntil(
      async () => {
        const prompt = await this.count(id);
        return /^\[\d+\]/.test(prompt) && prompt !== before;
      },
      { timeout: 60_000, interval: 250 },
    );
    return this.output(id);
  }

  /** The plot under a cell, once it is drawn. */
  async plot(id: string): Promise<Locator> {
    return drawnPlot(this.cell(id));
  }

  /** Waits for a cell that was begun, and stopped, to have ended. */
  async waitForEnd(id: string): Promise<void> {
    await this.ended(id).waitFor({ timeout: 30_000 });
  }

  /** What is shown under a cell. */
  async output(id: string): Promise<string> {
    return (await this.cell(id).locator(".jp-OutputArea-output").allInnerTexts()).join("\n");
  }

  /** Presses the ■ button. */
  async interrupt(): Promise<void> {
    await this.page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
  }

  async screenshot(name: string, id?: string): Promise<string> {
    const file = path.join(artefacts, `${name}.png`);
    const target = id ? this.cell(id) : this.page.locator(".jp-NotebookPanel").first();
    await target.screenshot({ path: file });
    return file;
  }

  private ended(id: string): Locator {
    return this.cell(id).locator(".jp-InputPrompt", { hasText: /\[\d+\]/ });
  }

  private async count(id: string): Promise<string> {
    return (await this.cell(id).locator(".jp-InputPrompt").textContent()) ?? "";
  }
}
