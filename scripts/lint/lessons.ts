/** Checks the lessons: the format of their notebooks, and the types of their cells. */
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { NotebookFileError, parseNotebook, serializeNotebook, writeNotebook } from "@course/lib/notebook";
import { keepCopy, NOTEBOOKS, notebooksIn, shown, SOLUTIONS } from "../notebooks/files";
import { type Findings, normaliseNotebook } from "../notebooks/format";
import { root } from "../setup/paths";

/**
 * Brings the notebooks of `folder` into the repository's format. Keeps a copy of each that it changes.
 *
 * With `check` it only reports what it would change.
 */
export async function formatNotebooks(check: boolean, folder: string = NOTEBOOKS): Promise<Findings> {
  const all: Findings = { fixed: [], problems: [] };
  for (const file of notebooksIn(folder)) {
    try {
      const { fixed, problems } = await formatNotebook(file, check);
      all.fixed.push(...fixed.map((change) => `${shown(file)}: ${change}`));
      all.problems.push(...problems.map((problem) => `${shown(file)}: ${problem}`));
    } catch (error) {
      if (!(error instanceof NotebookFileError)) throw error;
      all.problems.push(error.message);
    }
  }
  return all;
}

async function formatNotebook(file: string, check: boolean): Promise<Findings> {
  const bytes = fs.readFileSync(file);
  const notebook = parseNotebook(bytes.toString(), shown(file));
  const { fixed, problems } = await normaliseNotebook(notebook);
  if (bytes.equals(Buffer.from(serializeNotebook(notebook)))) return { fixed, problems };
  if (fixed.length === 0) fixed.push("written as JupyterLab writes it");
  if (check) return { fixed, problems };
  const copy = keepCopy(file, bytes);
  writeNotebook(file, notebook);
  return { fixed: [...fixed, `what it was is kept in ${shown(copy)}`], problems };
}

/** Compiles the cells of all lessons and solutions as the kernel does. */
export async function typeCheckCells(folders: string[] = [NOTEBOOKS, SOLUTIONS]): Promise<Findings> {
  const problems = await Promise.all(folders.map(typeCheckFolder));
  return { fixed: [], problems: problems.flat() };
}

function typeCheckFolder(folder: string): Promise<string[]> {
  const files = notebooksIn(folder);
  if (files.length === 0) return Promise.resolve([]);
  const command = [path.join(root, "scripts", "run.cjs"), "notebooks/cells", ...files];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: folder, maxBuffer: 64e6 }, (error, stdout, stderr) => {
      const lines = stdout.split("\n").filter((line) => line !== "");
      resolve(
        error && lines.length === 0 ? [`${shown(folder)}: the cells were not compiled: ${stderr}`] : lines,
      );
    });
  });
}
