/** A learner's own code as one module, to be compared with others' by JPlag or MOSS. */
import fs from "node:fs";
import path from "node:path";
import { cellSource, readNotebook } from "../notebook/source/notebook-file";
import type { Lessons } from "./lessons";

/** Returns the code cells that differ from those that were handed out, of the lessons in `folder`. */
export function learnerCode(folder: string, lessons: Lessons): string {
  const parts = lessons.names.flatMap((lesson) => {
    const file = path.join(folder, `${lesson}.ipynb`);
    if (!fs.existsSync(file)) return [];
    const sources = readNotebook(file)
      .cells.filter(({ cell_type }) => cell_type === "code")
      .map(cellSource);
    const own = sources.filter((source) => source.trim() !== "" && !lessons.isHandedOut(lesson, source));
    return own.length === 0 ? [] : [`// ${lesson}`, ...own];
  });
  return parts.length === 0 ? "" : `${parts.join("\n\n")}\n`;
}
