/** Plans and makes an update: all is read and checked before anything is written, and copies are kept. */
import {
  type Notebook,
  NotebookFileError,
  parseNotebook,
  readNotebook,
  writeNotebook,
} from "@course/lib/notebook";
import { backUp, replaceFile, UsageError } from "@course/lib/util";
import { unzipSync } from "fflate";
import fs from "node:fs";
import path from "node:path";
import { hashOf, parseRelease, type Release, RELEASE_FILE } from "../handout/release";
import { holdsSolution, type Merged, mergeCells } from "./merge";

export interface Update {
  release: string;
  lessons: { lesson: string; file: string; notebook: Notebook; merged?: Merged; isChanged: boolean }[];
  /** Files to write, with what the learner has there, if it is the learner's own. */
  files: { file: string; bytes: Uint8Array; own?: Buffer }[];
  /** Files of the release before, unchanged, that are in the newer one no more. */
  gone: string[];
}

/**
 * Plans an update of the course in `course` from `from`: a handout's folder or zip file, or its files by their paths.
 *
 * @throws UsageError if `from` is no handout, or a notebook of the learner's cannot be read.
 */
export function planUpdate(course: string, from: string | Map<string, Uint8Array>): Update {
  const newer = typeof from === "string" ? openHandout(from) : from;
  const named = typeof from === "string" ? from : "the list of files";
  const release = releaseIn(newer.get(RELEASE_FILE), `${named} is no handout (npm run handout makes one)`)!;
  const own = path.join(course, RELEASE_FILE);
  const base = releaseIn(fs.existsSync(own) ? fs.readFileSync(own) : undefined);
  const lessons = Object.keys(release.cells).map((lesson) => {
    const bytes = newer.get(`notebooks/${lesson}.ipynb`);
    if (!bytes) throw new UsageError(`${from} has no notebooks/${lesson}.ipynb: get it again`);
    return planLesson(path.join(course, "notebooks", `${lesson}.ipynb`), lesson, bytes, base?.cells[lesson]);
  });
  const files = [...newer].flatMap(([name, bytes]) => planFile(course, name, bytes, base));
  return { release: release.release, lessons, files, gone: goneFiles(course, base, release) };
}

/** Returns the files of a handout, by their paths. */
function openHandout(from: string): Map<string, Uint8Array> {
  const stats = fs.statSync(from, { throwIfNoEntry: false });
  if (!stats) throw new UsageError(`there is no folder or zip file ${from}`);
  if (stats.isDirectory()) {
    const names = fs.readdirSync(from, { recursive: true, encoding: "utf8" });
    const files = names.filter(
      (name) =>
        !/(^|[\\/])(node_modules|dist|\.venv|\.course)[\\/]/.test(name) &&
        fs.lstatSync(path.join(from, name)).isFile(),
    );
    return new Map(
      files.map((name) => [name.split(path.sep).join("/"), fs.readFileSync(path.join(from, name))]),
    );
  }
  try {
    const entries = Object.entries(unzipSync(fs.readFileSync(from)));
    const files = entries.map(([name, bytes]): [string, Uint8Array] => [name.replace(/^[^/]*\//, ""), bytes]);
    if (files.some(([name]) => path.isAbsolute(name) || name.split(/[\\/]/).includes("..")))
      throw new Error("a path leads out of it");
    return new Map(files.filter(([name]) => !name.endsWith("/")));
  } catch (error) {
    throw new UsageError(`${from} is no zip file that can be read: ${(error as Error).message}`);
  }
}

function releaseIn(bytes: Uint8Array | undefined, otherwise?: string): Release | undefined {
  try {
    if (bytes) return parseRelease(Buffer.from(bytes).toString("utf8"));
  } catch (error) {
    throw new UsageError(
      `${otherwise ?? `the course's ${RELEASE_FILE} was changed`}: ${(error as Error).message}`,
    );
  }
  if (otherwise !== undefined) throw new UsageError(otherwise);
  return undefined;
}

function planLesson(
  file: string,
  lesson: string,
  bytes: Uint8Array,
  base: Record<string, string> | undefined,
): Update["lessons"][number] {
  const theirs = parseNotebook(Buffer.from(bytes).toString("utf8"), path.basename(file));
  if (!fs.existsSync(file)) return { lesson, file, notebook: theirs, isChanged: true };
  let notebook: Notebook;
  try {
    notebook = readNotebook(file);
  } catch (error) {
    if (!(error instanceof NotebookFileError)) throw error;
    throw new UsageError(`${error.message}: nothing was updated`);
  }
  if (holdsSolution(notebook))
    throw new UsageError(`our solutions are in ${lesson}.ipynb: \`npm run solutions -- out\` first`);
  const before = JSON.stringify([notebook.raw.metadata, notebook.cells]);
  const merged = mergeCells(notebook.cells, theirs.cells, base);
  notebook.raw.cells = notebook.cells = merged.cells;
  const course = (theirs.raw.metadata as { course?: unknown } | undefined)?.course;
  notebook.raw.metadata = { ...(notebook.raw.metadata as object | undefined), course };
  return {
    lesson,
    file,
    notebook,
    merged,
    isChanged: before !== JSON.stringify([notebook.raw.metadata, notebook.cells]),
  };
}

function planFile(
  course: string,
  name: string,
  bytes: Uint8Array,
  base: Release | undefined,
): Update["files"] {
  if (name.startsWith("notebooks/")) return [];
  const file = path.join(course, ...name.split("/"));
  const own = fs.statSync(file, { throwIfNoEntry: false })?.isFile() ? fs.readFileSync(file) : undefined;
  if (own?.equals(bytes)) return [];
  const isLearners = own !== undefined && name !== RELEASE_FILE && base?.files[name] !== hashOf(own);
  return [{ file, bytes, own: isLearners ? own : undefined }];
}

function goneFiles(course: string, base: Release | undefined, release: Release): string[] {
  const names = Object.keys(base?.files ?? {}).filter((name) => release.files[name] === undefined);
  const files = names
    .filter((name) => !name.split(/[\\/]/).includes(".."))
    .map((name): [string, string] => [name, path.join(course, ...name.split("/"))]);
  return files
    .filter(([name, file]) => fs.existsSync(file) && hashOf(fs.readFileSync(file)) === base!.files[name])
    .map(([, file]) => file);
}

/**
 * Makes an update: first copies of what is the learner's, then the notebooks, then the other files.
 *
 * @returns the paths of the copies.
 */
export function makeUpdate(course: string, { lessons, files, gone }: Update): string[] {
  const backups = path.join(course, ".course", "backups");
  const changed = lessons.filter(({ isChanged }) => isChanged);
  const copies = [
    ...changed.flatMap(({ file, lesson }) =>
      fs.existsSync(file) ? [backUp(file, fs.readFileSync(file), path.join(backups, lesson))] : [],
    ),
    ...files.flatMap(({ file, own }) =>
      own ? [backUp(file, own, path.join(backups, path.relative(course, file)))] : [],
    ),
  ];
  for (const { file, notebook } of changed) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    writeNotebook(file, notebook);
  }
  // The list of hashes goes last: an update that was interrupted begins again with the old one.
  const last = (file: string): number => (path.basename(file) === RELEASE_FILE ? 1 : 0);
  for (const { file, bytes } of [...files].sort((a, b) => last(a.file) - last(b.file))) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    replaceFile(file, bytes);
  }
  for (const file of gone) fs.rmSync(file);
  return copies;
}
