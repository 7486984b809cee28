/** Files that somebody handed in, in a folder or in a zip file, and what of them is not taken. */
import { printable } from "../wire/text";

/** A file that may be read. */
export interface HandedInFile {
  /** From the top of what was handed in, with `/` between its parts. */
  path: string;
  size: number;
  read(): Promise<Buffer>;
}

export interface Tree {
  files: HandedInFile[];
  /** What is not read, by its path, and why: "is a link". */
  refused: { path: string; reason: string }[];
  /** Paths that lead out of a zip file, safe to show. */
  outside: string[];
}

/** Something that was handed in cannot be taken. The message is a sentence for the report. */
export class SubmissionError extends Error {
  override readonly name = "SubmissionError";
}

/** Most files that one folder or zip file may hold, with those that are not read. */
export const MAX_FILES = 100_000;
/** Most folders within folders. */
export const MAX_DEPTH = 12;
/** Largest file that is read, in bytes: a notebook, a module, or a learner's zip file. */
export const MAX_FILE_BYTES = 64e6;

/** Folders that programs make. Nothing in them was written by a learner. */
const MADE = new Set(["node_modules", "__MACOSX", "dist", "solutions"]);

/** Returns whether a part of a path is a program's: `.git`, `.ipynb_checkpoints`, `__MACOSX`, `solutions`. */
export function isMade(part: string): boolean {
  return part.startsWith(".") || MADE.has(part);
}

/** Returns whether a path is of a kind that is read at all: a notebook, a module, a zip file, Gradescope's `.yml`. */
export function isRead(path: string): boolean {
  return /\.(ipynb|ts|zip|yml)$/i.test(path) && !/\.d\.ts$/.test(path);
}

/** Returns a path of others that is safe to show, and not too long. */
export function shownPath(path: string): string {
  return printable(path).slice(-200);
}
