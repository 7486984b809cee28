/** Changing a learner's notebook: a copy first, then one write, and never over what somebody saved meanwhile. */
import fs from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { type Notebook, NotebookFileError, parseNotebook, serializeNotebook } from "@course/lib/notebook";
import { replaceFile } from "@course/lib/util";
import { copiesOf, keepCopy, shown } from "../notebooks/files";

export interface Change<Result> {
  result: Result;
  /** Where the file is kept as it was; undefined if nothing changed. */
  copy?: string;
}

/** Applies `change` to the notebook at `file`. Throws a NotebookFileError if it is not one. */
export function changeNotebook<Result>(file: string, change: (notebook: Notebook) => Result): Change<Result> {
  for (;;) {
    const before = readBytes(file);
    const notebook = parseNotebook(before.toString(), shown(file));
    const untouched = serializeNotebook(notebook);
    const result = change(notebook);
    if (serializeNotebook(notebook) === untouched) return { result };
    const copy = keepCopy(file, before);
    const after = asItWas(file, notebook) ?? serializeNotebook(notebook);
    // JupyterLab saves on its own: what it wrote since we read is a newer state to start from.
    if (!fs.readFileSync(file).equals(before)) continue;
    replaceFile(file, after);
    return { result, copy };
  }
}

/** The bytes of a copy that says just the same, so that a notebook some other program wrote comes back in that program's writing. */
function asItWas(file: string, notebook: Notebook): Buffer | undefined {
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
