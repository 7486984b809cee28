/** `librarySource`: the text of a file of the library, wherever the notebook lies. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { LIB } from "../../util/paths";

/**
 * Returns the TypeScript of a file of the library: `librarySource("workers/scripts/visit.ts")`.
 *
 * @throws Error if there is no such file.
 */
export function librarySource(file: string): string {
  return readFileSync(path.join(LIB, file), "utf8").trimEnd();
}
