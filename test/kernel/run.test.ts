/** Running notebooks through the real kernel: what the runner says, and that it leaves nothing behind. */
import fs from "node:fs";
import path from "node:path";
import { isRunning } from "@course/lib/util";
import { expect, onTestFinished, test } from "vitest";
import { runNotebook } from "../../scripts/notebooks/run";
import { remove, temporaryFolder } from "../helpers/course";
import { KERNEL } from "../helpers/limits";
import { notebookOf } from "./made-up";
import { printed } from "./printed";

test(
  "runNotebook() reports what a failing cell printed, and runs no cell after it",
  async () => {
    const { passed, lines, notebook } = await runNotebook(
      notebookOf('throw new Error("of mine");', "console.log('after')"),
    );
    expect(passed).toBe(false);
    expect(lines.join("\n")).toMatch(/cell 1 \(cell-1\) failed: [^]*Error: of mine/);
    expect(printed(notebook.cells[1])).toBe("");
  },
  KERNEL,
);

test(
  "runNotebook() with keepGoing runs the cells after a failure and after a time limit too",
  async () => {
    const { passed, lines, notebook } = await runNotebook(
      notebookOf(
        "throw 1;",
        "console.log('after')",
        "await new Promise(() => {});",
        "console.log('at last')",
      ),
      { keepGoing: true, cellTimeoutSeconds: 5 },
    );
    expect(passed).toBe(false);
    expect(printed(notebook.cells[1])).toBe("after\n");
    expect(lines.join("\n")).toContain("cell 3 (cell-3) failed: it had not ended after 5 seconds");
    expect(printed(notebook.cells[3])).toBe("at last\n");
  },
  KERNEL,
);

test(
  "runNotebook() ends its kernel when it is aborted",
  async () => {
    const folder = await temporaryFolder();
    onTestFinished(() => remove(folder));
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
    expect(isRunning(kernel)).toBe(false);
  },
  KERNEL,
);
