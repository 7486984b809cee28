/**
 * Runs a notebook in the real kernel, with Jupyter's own client: run_notebook.py, in `.venv`.
 *
 * It runs under end_with_parent.py: when this process ends, even if killed, the client ends and ends its
 * kernel.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { type Notebook, readNotebook, writeNotebook } from "@course/lib/notebook";
import { environment } from "../setup/jupyter";
import { courseFolder, root, venvPython } from "../setup/paths";
import { endWithParent } from "../setup/processes";

export interface RunOptions {
  /**
   * The kernel's working directory; if not given, an empty one inside the project that no other program writes
   * into.
   */
  folder?: string;
  /** Variables to add to the kernel's environment: `{ BITNODES_URL }`. */
  env?: NodeJS.ProcessEnv;
  /** Time limit for a cell; 120 s if not given. */
  cellTimeoutSeconds?: number;
  /** Whether to run the cells after one that failed. */
  keepGoing?: boolean;
  /** Called with each line of progress or error. */
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

interface NotebookRun {
  /** Whether every cell ran. */
  passed: boolean;
  /** Lines of progress and errors. */
  lines: string[];
  /** The notebook with its outputs. */
  notebook: Notebook;
}

/**
 * Runs a notebook from top to bottom. It need not be saved as a file.
 *
 * Rejects with an AbortError if `signal` is aborted.
 */
export async function runNotebook(notebook: Notebook, options: RunOptions = {}): Promise<NotebookRun> {
  const work = temporaryFolder();
  const [before, after] = ["before.ipynb", "after.ipynb"].map((name) => path.join(work, name));
  const folder = options.folder ?? path.join(work, "kernel");
  try {
    fs.mkdirSync(folder, { recursive: true });
    writeNotebook(before, notebook);
    const { status, lines } = await runPython(flags(before, after, folder, options), work, options);
    options.signal?.throwIfAborted();
    if (!fs.existsSync(after)) throw new Error(`The notebook could not be run: ${lines.join("\n")}`);
    return { passed: status === 0, lines, notebook: readNotebook(after) };
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/** Makes a folder inside the project: a kernel that runs there finds the library. */
function temporaryFolder(): string {
  const runs = path.join(courseFolder, "runs");
  fs.mkdirSync(runs, { recursive: true });
  return fs.mkdtempSync(path.join(runs, "run-"));
}

function flags(before: string, after: string, folder: string, options: RunOptions): string[] {
  return [
    before,
    after,
    `--folder=${folder}`,
    `--cell-timeout=${options.cellTimeoutSeconds ?? 120}`,
    ...(options.keepGoing ? ["--keep-going"] : []),
  ];
}

async function runPython(
  args: string[],
  runtime: string,
  { env, onLine, signal }: RunOptions,
): Promise<{ status: number | null; lines: string[] }> {
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
  const end = () => child.stdin.end();
  signal?.addEventListener("abort", end);
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    lines.push(line);
    onLine?.(line);
  });
  const [status] = (await once(child, "close")) as [number | null];
  signal?.removeEventListener("abort", end);
  return { status, lines };
}
