/**
 * Lays out what one learner handed in so that it can be graded: a folder of its own, with the lessons under
 * their names, without outputs, and the learner's modules beside them. Nothing else of it is copied: no
 * package.json, no node_modules, no links.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import {
  cellSource,
  courseRole,
  exerciseOf,
  NotebookFileError,
  type NotebookCell,
  parseNotebook,
} from "../notebook/source/notebook-file";
import { safeText } from "../grading/text";
import type { Lessons } from "./lessons";
import { readZip } from "./read-zip";
import type { Submission } from "./submissions";
import { type HandedInFile, isMade, shownPath, SubmissionError } from "./tree";

/** A submission that is ready to be graded. */
export interface Staged {
  folder: string;
  /** A hash of each lesson that was handed in and of the modules it may import, by lesson. */
  hashes: Record<string, string>;
  /** The release that the notebooks say they are of. */
  release: string | null;
  /** What the learner and the instructor should know. */
  notes: string[];
  /** Why there is nothing to grade, if there is nothing. */
  problem?: string;
}

interface Found {
  path: string;
  lesson: string;
  cells: NotebookCell[];
  release: string | null;
}

const MAX_NOTEBOOKS = 50;
const MAX_MODULES = 50;
const MAX_MODULE_BYTES = 256e3;

/** Lays out a submission in `folder`, which is made. Never rejects because of what was handed in. */
export async function stage(submission: Submission, folder: string, lessons: Lessons): Promise<Staged> {
  fs.mkdirSync(folder, { recursive: true });
  const notes = [...submission.refused];
  const files = await withoutZips(submission.files, notes);
  const notebooks = files.filter(({ path: at }) => at.endsWith(".ipynb"));
  if (notebooks.length > MAX_NOTEBOOKS)
    notes.push(`${notebooks.length} notebooks: the first ${MAX_NOTEBOOKS} were read`);
  const found: Found[] = [];
  for (const file of notebooks.slice(0, MAX_NOTEBOOKS)) {
    const read = await readOne(file, lessons, notes);
    if (read) found.push(read);
  }
  const chosen = chooseOnePerLesson(found, notes);
  const hashes: Record<string, string> = {};
  const modules = await writeModules(chosen, files, folder, notes);
  for (const { lesson, cells } of chosen) {
    const text = JSON.stringify({ cells: cells.map(stripped), metadata: {}, nbformat: 4, nbformat_minor: 5 });
    fs.writeFileSync(path.join(folder, `${lesson}.ipynb`), text);
    hashes[lesson] = createHash("sha256").update(text).update(modules).digest("hex");
  }
  const release = chosen.map((one) => one.release).find((known) => known !== null) ?? null;
  const problem = chosen.length > 0 ? undefined : (notes[0] ?? "no notebook was handed in");
  return { folder, hashes, release, notes: notes.map(safeText), problem: problem && safeText(problem) };
}

/** Replaces zip files by what they hold. A zip file within one is not read. */
async function withoutZips(files: HandedInFile[], notes: string[]): Promise<HandedInFile[]> {
  const all: HandedInFile[] = [];
  for (const file of files) {
    if (!/\.zip$/i.test(file.path)) {
      all.push(file);
      continue;
    }
    const name = shownPath(path.posix.basename(file.path));
    try {
      const zip = await readZip(await file.read());
      if (zip.outside.length > 0)
        throw new SubmissionError(
          `holds a path that leads out of it (${zip.outside[0]}): nothing of it was read`,
        );
      for (const { path: at, reason } of zip.refused) notes.push(`${shownPath(at)} in ${name} ${reason}`);
      const nested = zip.files.filter(({ path: at }) => /\.zip$/i.test(at));
      for (const { path: at } of nested)
        notes.push(`${shownPath(at)} is a zip file within ${name}: hand in the notebooks`);
      all.push(...zip.files.filter((inner) => !nested.includes(inner)));
    } catch (error) {
      if (!(error instanceof SubmissionError)) throw error;
      notes.push(`${name} ${error.message}`);
    }
  }
  return all;
}

async function readOne(file: HandedInFile, lessons: Lessons, notes: string[]): Promise<Found | undefined> {
  const name = shownPath(path.posix.basename(file.path));
  try {
    const { cells, raw } = parseNotebook((await file.read()).toString("utf8"), name);
    const lesson = lessons.lessonOf(file.path, cells);
    if (lesson === undefined) {
      notes.push(`${name} is no lesson of the course: neither its cells nor its name are known`);
      return undefined;
    }
    if (lessons.restoreRoles(lesson, cells))
      notes.push(`${name} had lost metadata.course of some cells: found again`);
    return { path: file.path, lesson, cells, release: releaseOf(raw.metadata) };
  } catch (error) {
    if (!(error instanceof NotebookFileError || error instanceof SubmissionError)) throw error;
    notes.push(error.message.startsWith(name) ? error.message : `${name}: ${error.message}`);
    return undefined;
  }
}

/** Returns `metadata.course.release` of a notebook, which `npm run handout` writes. */
function releaseOf(metadata: unknown): string | null {
  const course = (metadata as { course?: { release?: unknown } } | null | undefined)?.course;
  return typeof course?.release === "string" ? shownPath(course.release) : null;
}

/**
 * Chooses the file that counts for each lesson: one under the lesson's own name before a copy of it, of several copies
 * the last by name.
 */
function chooseOnePerLesson(found: Found[], notes: string[]): Found[] {
  const rank = ({ path: at, lesson }: Found): number =>
    path.posix.basename(at) === `${lesson}.ipynb` ? 1 : 0;
  const sorted = [...found].sort(
    (a, b) => rank(b) - rank(a) || b.path.localeCompare(a.path, "en", { numeric: true }),
  );
  const chosen = new Map<string, Found>();
  for (const one of sorted) {
    const counts = chosen.get(one.lesson);
    if (!counts) chosen.set(one.lesson, one);
    else notes.push(`${shownPath(one.path)} is ${one.lesson} too: ${shownPath(counts.path)} was graded`);
  }
  return [...chosen.values()].sort((a, b) => (a.lesson < b.lesson ? -1 : 1));
}

/** Writes the learner's modules beside the notebooks, and returns a text that changes with them. */
async function writeModules(
  chosen: Found[],
  files: HandedInFile[],
  folder: string,
  notes: string[],
): Promise<string> {
  const homes = [...new Set(chosen.map(({ path: at }) => path.posix.dirname(at)))];
  const written: [string, string][] = [];
  for (const file of files.filter(({ path: at }) => at.endsWith(".ts"))) {
    const inner = homes
      .map((home) => path.posix.relative(home, file.path))
      .find((at) => !at.startsWith(".."));
    if (inner === undefined || inner.split("/").some(isMade) || written.some(([at]) => at === inner))
      continue;
    if (written.length >= MAX_MODULES || file.size > MAX_MODULE_BYTES) {
      notes.push(
        `${shownPath(inner)} was left out: expected at most ${MAX_MODULES} modules of ${MAX_MODULE_BYTES / 1000} kB`,
      );
      continue;
    }
    try {
      const text = (await file.read()).toString("utf8");
      const target = path.join(folder, ...inner.split("/"));
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, text);
      written.push([inner, text]);
    } catch (error) {
      notes.push(`${shownPath(inner)}: ${(error as Error).message}`);
    }
  }
  return JSON.stringify(written);
}

/** Returns what of a cell is graded. */
function stripped(cell: NotebookCell, index: number): object {
  const [role, exercise] = [courseRole(cell), exerciseOf(cell)];
  return {
    id: `c${index}`,
    cell_type: cell.cell_type,
    metadata: role === undefined ? {} : { course: { role, exercise } },
    source: cellSource(cell).replaceAll("\r\n", "\n"),
  };
}
