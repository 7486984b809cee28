/** Running notebooks through the real kernel: what the runner says, and that it leaves nothing behind. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { runNotebook } from "../../scripts/notebooks/run";
import { notebookOf } from "./made-up";
import { printed } from "./printed";

const LIMIT_MS = 90_000;
const FOLDER = os.tmpdir();

test(
  "what a failing cell printed is told, and no cell after it is run",
  async () => {
    const { passed, lines, notebook } = await runNotebook(
      notebookOf('throw new Error("of mine");', "console.log('after')"),
      { folder: FOLDER },
    );
    expect(passed).toBe(false);
    expect(lines.join("\n")).toMatch(/cell 1 \(cell-1\) failed: [^]*Error: of mine/);
    expect(printed(notebook.cells[1])).toBe("");
  },
  LIMIT_MS,
);

test(
  "with keepGoing the cells after a failure and after a time limit are run too",
  async () => {
    const { passed, lines, notebook } = await runNotebook(
      notebookOf(
        "throw 1;",
        "console.log('after')",
        "await new Promise(() => {});",
        "console.log('at last')",
      ),
      { folder: FOLDER, keepGoing: true, cellTimeoutSeconds: 8 },
    );
    expect(passed).toBe(false);
    expect(printed(notebook.cells[1])).toBe("after\n");
    expect(lines.join("\n")).toContain("cell 3 (cell-3) failed: it had not ended after 8 seconds");
    expect(printed(notebook.cells[3])).toBe("at last\n");
  },
  LIMIT_MS,
);

test(
  "a run that is aborted ends its kernel",
  async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "run-test-"));
    const first = 'import fs from "node:fs"; fs.writeFileSync("pid", String(process.pid));';
    const controller = new AbortController();
    const run = runNotebook(notebookOf(first, "await new Promise(() => {});"), {
      folder,
      signal: controller.signal,
      onLine: (line) => line.startsWith("1/2") && controller.abort(),
    });
    await expect(run).rejects.toThrow("aborted");
    const kernel = Number(fs.readFileSync(path.join(folder, "pid"), "utf8"));
    expect(kernel).toBeGreaterThan(0);
    expect(() => process.kill(kernel, 0)).toThrow("ESRCH");
    fs.rmSync(folder, { recursive: true });
  },
  LIMIT_MS,
);
