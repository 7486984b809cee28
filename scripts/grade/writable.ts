/** Checks before the work begins that its results can be written. */
import { UsageError } from "@course/lib/util";
import fs from "node:fs";
import path from "node:path";

/** Returns the absolute path of `file`. Throws a UsageError if its folder does not exist. */
export function writable(file: string): string {
  const folder = path.dirname(path.resolve(file));
  if (fs.existsSync(folder)) return path.resolve(file);
  throw new UsageError(`the results cannot be written to ${file}: there is no folder ${path.dirname(file)}`);
}
