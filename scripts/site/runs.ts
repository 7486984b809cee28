/**
 * The solved lessons with live plots: `solutions/` holds pictures of them, so the lessons are run once more.
 *
 * What a run gave is kept in .course/site/ until the lesson or the library changes. Learners' notebooks are never
 * read: the code comes from `solutions/`.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { type Notebook, readNotebook, writeNotebook } from "@course/lib/notebook";
import { Failure } from "../cli/failure";
import { type ShowDetail, step } from "../cli/steps";
import { notebookName, SOLUTIONS } from "../notebooks/files";
import { runNotebook } from "../notebooks/run";
import { courseFolder, root } from "../setup/paths";
import { machinePath } from "../solutions/outputs";

const KEPT = path.join(courseFolder, "site");

/** Returns the file that has, or will have, the run of a solved lesson as it is now. */
export function runFile(solution: string, library: string): string {
  const hash = createHash("sha256").update(library).update(fs.readFileSync(solution)).digest("hex");
  return path.join(KEPT, `${notebookName(solution)}-${hash.slice(0, 16)}.ipynb`);
}

/** Returns a hash of all that a lesson runs: the library's sources. */
export function libraryHash(): string {
  const hash = createHash("sha256");
  const lib = path.join(root, "lib");
  for (const name of fs.readdirSync(lib, { recursive: true, encoding: "utf8" }).sort()) {
    if (!/\.(ts|js|json)$/.test(name) || /(^|[\\/])(dist|node_modules)[\\/]/.test(name)) continue;
    hash.update(name).update(fs.readFileSync(path.join(lib, name)));
  }
  return hash.digest("hex");
}

/** Runs a solved lesson, and keeps the run in `file`. Throws a Failure if a cell fails. */
export async function runLesson(
  solution: string,
  file: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Notebook> {
  const name = notebookName(solution);
  return step(`Running ${name}`, async (showDetail: ShowDetail) => {
    const errors: string[] = [];
    const onLine = (line: string) => (/^\d+\/\d+ /.test(line) ? showDetail(line) : errors.push(line));
    const { passed, notebook } = await runNotebook(readNotebook(solution), {
      env,
      signal,
      onLine,
      folder: SOLUTIONS,
    });
    if (!passed)
      throw new Failure(
        [...errors, `${name} does not run: the lines above say which cell, and why`].join("\n"),
      );
    const found = machinePath(notebook.cells.map(({ outputs }) => outputs));
    if (found) throw new Failure(`${name} prints ${found}, a path of this machine`);
    keep(name, file, notebook);
    return notebook;
  });
}

/** Keeps a run in place of the lesson's older ones. */
function keep(name: string, file: string, notebook: Notebook): void {
  fs.mkdirSync(KEPT, { recursive: true });
  const older = fs
    .readdirSync(KEPT)
    .filter((other) => other.startsWith(`${name}-`) && /-[0-9a-f]{16}\.ipynb$/.test(other));
  for (const other of older) fs.rmSync(path.join(KEPT, other));
  writeNotebook(file, notebook);
}

/** Returns the run that `file` keeps, if there is one. */
export function keptRun(file: string): Notebook | undefined {
  return fs.existsSync(file) ? readNotebook(file) : undefined;
}
