/**
 * Runs a notebook through the real kernel, with Jupyter's own client: run_notebook.py, in `.venv`.
 *
 * It hangs on a leash: when we end, however we end, it is asked to end too, and ends its kernel.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { type CourseRole, type Notebook, readNotebook, writeNotebook } from "@course/lib/notebook";
import { environment } from "../setup/jupyter";
import { root, venvPython } from "../setup/paths";

export interface RunOptions {
  /** Where the kernel runs. */
  folder: string;
  /** What its environment has besides ours: `{ BITNODES_URL }`. */
  env?: NodeJS.ProcessEnv;
  /** How long a cell may take. 120 if not given. */
  cellTimeoutSeconds?: number;
  /** Whether the cells after one that failed are run too. */
  keepGoing?: boolean;
  /** Run the cells of these roles only. */
  roles?: CourseRole[];
  /** Hears each line of progress and of trouble. */
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

export interface NotebookRun {
  /** Whether every cell ran. */
  passed: boolean;
  /** Progress, and what failed and why. */
  lines: string[];
  /** The notebook with the outputs it has. */
  notebook: Notebook;
}

/** Runs the notebook, which need not be a file yet, from top to bottom. Rejects with an AbortError if `signal` is aborted. */
export async function runNotebook(notebook: Notebook, options: RunOptions): Promise<NotebookRun> {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), "course-run-"));
  const [before, after] = ["before.ipynb", "after.ipynb"].map((name) => path.join(work, name));
  try {
    writeNotebook(before, notebook);
    const { status, lines } = await runPython(flags(before, after, options), work, options);
    options.signal?.throwIfAborted();
    if (!fs.existsSync(after)) throw new Error(`The notebook could not be run: ${lines.join("\n")}`);
    return { passed: status === 0, lines, notebook: readNotebook(after) };
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

function flags(before: string, after: string, options: RunOptions): string[] {
  return [
    before,
    after,
    `--folder=${options.folder}`,
    `--cell-timeout=${options.cellTimeoutSeconds ?? 120}`,
    ...(options.keepGoing ? ["--keep-going"] : []),
    ...(options.roles ? ["--roles", ...options.roles] : []),
  ];
}

async function runPython(
  args: string[],
  runtime: string,
  { env, onLine, signal }: RunOptions,
): Promise<{ status: number | null; lines: string[] }> {
  const endWithParent = path.join(root, "scripts", "setup", "end_with_parent.py");
  const child = spawn(venvPython, [endWithParent, "run_notebook", ...args], {
    detached: process.platform !== "win32",
    env: {
      ...environment({ ...process.env, ...env }, path.join(runtime, "runtime")),
      PYTHONPATH: path.join(root, "scripts", "notebooks"),
      PYTHONDONTWRITEBYTECODE: "1",
    },
    stdio: ["pipe", "ignore", "pipe"],
    windowsHide: true,
  });
  const letGo = () => child.stdin.end();
  signal?.addEventListener("abort", letGo);
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    lines.push(line);
    onLine?.(line);
  });
  const [status] = (await once(child, "close")) as [number | null];
  signal?.removeEventListener("abort", letGo);
  return { status, lines };
}
