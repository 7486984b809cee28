/**
 * Changes a learner's notebook: keeps a copy first, then replaces the file in one step.
 *
 * It never overwrites what JupyterLab has saved since the notebook was read.
 */
import fs from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { type Notebook, NotebookFileError, parseNotebook, serializeNotebook } from "@course/lib/notebook";
import { replaceFile } from "@course/lib/util";
import { copiesOf, keepCopy, shown } from "../notebooks/files";

interface Change<Result> {
  result: Result;
  /** Path of the copy of the file as it was; undefined if nothing changed. */
  copy?: string;
}

/**
 * Applies `change` to the notebook at `file`.
 *
 * @throws NotebookFileError if the file is not a notebook.
 */
export function changeNotebook<Result>(file: string, change: (notebook: Notebook) => Result): Change<Result> {
  for (;;) {
    const before = readBytes(file);
    const notebook = parseNotebook(before.toString(), shown(file));
    const untouched = serializeNotebook(notebook);
    const result = change(notebook);
    if (serializeNotebook(notebook) === untouched) return { result };
    const copy = keepCopy(file, before);
    const after = bytesOfEqualCopy(file, notebook) ?? serializeNotebook(notebook);
    // JupyterLab saves by itself. If the file has changed since it was read, start again from its new state.
    if (!fs.readFileSync(file).equals(before)) continue;
    replaceFile(file, after);
    return { result, copy };
  }
}

/**
 * Returns the bytes of a copy with the same content: so a notebook of another program gets its own formatting
 * back.
 */
function bytesOfEqualCopy(file: string, notebook: Notebook): Buffer | undefined {
  return copiesOf(file)
    .map((copy) => fs.readFileSync(copy))
    .find((bytes) => isDeepStrictEqual(parseNotebook(bytes.toString(), "a copy").raw, notebook.raw));
}

function readBytes(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new NotebookFileError(
      code === "ENOENT" ? `${shown(file)} is missing` : `${shown(file)} cannot be read: ${message}`,
    );
  }
}
