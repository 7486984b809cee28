/** What a handout says of itself, in a file that `npm run handout` writes: see scripts/handout/release.ts. */
import fs from "node:fs";
import path from "node:path";
import { LIB } from "../util/paths";

const FILE = path.join(LIB, "..", "release.json");

/** Returns whether the instructor who handed this course out grades with checks that learners do not see. */
export function hasHiddenChecks(file: string = FILE): boolean {
  try {
    const { hiddenChecks } = JSON.parse(fs.readFileSync(file, "utf8")) as { hiddenChecks?: unknown };
    return hiddenChecks === true;
  } catch {
    return false; // the course itself, which nobody has handed out
  }
}
