/** What a release of the course holds, by hashes: how `npm run update` knows what a learner has changed. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { root } from "../setup/paths";

/** The file in which a handout lists what it holds. */
export const RELEASE_FILE = "release.json";

export interface Release {
  release: string;
  /** Whether grading has checks that learners do not see: the notebooks say so then. */
  hiddenChecks?: true;
  /** The language of the lessons, if it is not English: the kernel speaks it too. */
  language?: string;
  /** Hashes of all files but the notebooks, by their paths. */
  files: Record<string, string>;
  /** Hashes of the cells' sources, by lesson and the cell's id. */
  cells: Record<string, Record<string, string>>;
}

/** Returns the release of this course: the version in package.json. */
export function courseRelease(): string {
  return (JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as { version: string })
    .version;
}

/** Returns the SHA-256 of a text or of bytes, in hexadecimal. */
export function hashOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Parses a release's list. Throws an Error if it is none. */
export function parseRelease(text: string): Release {
  const { release, files, cells } = JSON.parse(text) as Partial<Release>;
  const isMap = (value: unknown): boolean =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (typeof release !== "string" || !isMap(files) || !isMap(cells))
    throw new Error(`expected the release, files and cells of a handout`);
  return { release, files: files!, cells: cells! };
}
