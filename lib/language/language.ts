/**
 * The language that a learner reads: that of the handout (`npm run handout -- --language de`), or English.
 *
 * The lessons are written in English, in the notebooks and in the exercises. Another language is a folder of
 * this room, with a file per lesson: catalogue.ts.
 */
import fs from "node:fs";
import path from "node:path";
import { LIB } from "../util/paths";

/** The language of the originals. */
export const ORIGINAL = "en";

const FOLDER = path.join(LIB, "language");
/** What a handout says of itself: scripts/handout/release.ts. */
const RELEASE = path.join(LIB, "..", "release.json");

/** Returns the languages that the course is translated to, as codes of BCP 47: `de`. */
export function languages(): string[] {
  const entries = fs.readdirSync(FOLDER, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Returns the folder of a language's files. */
export function folderOf(language: string): string {
  return path.join(FOLDER, language);
}

/**
 * Returns the language to speak: that of `COURSE_LANGUAGE`, or of the handout; English if there is no such
 * translation.
 */
export function language(file: string = RELEASE): string {
  const wanted = process.env.COURSE_LANGUAGE || languageOfHandout(file);
  return wanted !== undefined && languages().includes(wanted) ? wanted : ORIGINAL;
}

function languageOfHandout(file: string): string | undefined {
  try {
    const { language } = JSON.parse(fs.readFileSync(file, "utf8")) as { language?: unknown };
    return typeof language === "string" ? language : undefined;
  } catch {
    return undefined; // the course itself, which nobody has handed out
  }
}
