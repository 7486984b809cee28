/** `librarySource`: a file of the library to be read in a cell, wherever the notebook stands. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { LIB } from "../../util/paths";

/** The TypeScript of a file of the library: `workers/scripts/visit.ts`. Throws if there is no such file. */
export function librarySource(file: string): string {
  return readFileSync(path.join(LIB, file), "utf8").trimEnd();
}
