/**
 * Reads and writes notebook files: nbformat 4, the JSON of Jupyter and VS Code.
 *
 * Reading keeps unknown fields, the order of keys, the form of the text, and the form of a cell's source
 * (one string or a list of lines). So a notebook that is written back differs only in what was
 * changed. A number that JavaScript would write with other digits (2^53 + 1, or 1.0) is a LosslessNumber.
 * A cell of the course has `metadata.course`; a cell that a learner added has none.
 *
 * Format: https://nbformat.readthedocs.io/en/latest/format_description.html
 */
import path from "node:path";
import { LosslessNumber, parse, stringify } from "lossless-json";
import { z } from "zod";
import { replaceFile } from "../../util/files";
import { FileRefused, readRegularFile } from "../../util/regular-file";
import { printable } from "../../wire/text";

const COURSE_ROLES = [
  "prose",
  "setup",
  "exercise",
  "check",
  "hint",
  "solution",
  "useSolution",
  "demo",
] as const;

/** The purpose of a cell of the course. */
export type CourseRole = (typeof COURSE_ROLES)[number];

export interface NotebookCell {
  id?: string;
  cell_type: string;
  metadata?: Record<string, unknown>;
  source: string | string[];
  outputs?: unknown[];
  execution_count?: number | null;
  [key: string]: unknown;
}

/** A notebook's JSON, including fields that we do not know. */
interface RawNotebook {
  nbformat: number;
  cells: NotebookCell[];
  [key: string]: unknown;
}

export interface Notebook {
  /** The same objects as `raw.cells`: changing one changes the notebook. */
  cells: NotebookCell[];
  raw: RawNotebook;
  form: TextForm;
}

/** How a notebook's JSON is written: programs differ. */
interface TextForm {
  /** The indentation of one level. Empty if all is on one line. */
  indent: string;
  newline: "\n" | "\r\n";
  /** Whether a byte order mark stands before the text. */
  hasMark: boolean;
  /** Whether a newline stands after the text. */
  endsInNewline: boolean;
  /** Whether characters that are not ASCII are escaped. */
  isAscii: boolean;
}

/** The form in which Jupyter writes. */
export const JUPYTER_FORM: TextForm = {
  indent: " ",
  newline: "\n",
  hasMark: false,
  endsInNewline: true,
  isAscii: false,
};

/** A file is not a notebook that the course can work with. The message says what is wrong and what to do. */
export class NotebookFileError extends Error {
  override readonly name = "NotebookFileError";
}

/** Largest notebook that is read, in bytes: a lesson with all its plots has less than 10 MB. */
const MAX_NOTEBOOK_BYTES = 64e6;

const cellShape = z.looseObject({
  cell_type: z.string(),
  metadata: z.looseObject({}).optional(),
  source: z.union([z.string(), z.array(z.string())]),
});

/**
 * Reads the notebook at `file`.
 *
 * @throws NotebookFileError that names the file, if it is missing, is no regular file (a pipe, a link out of
 * its folder), is larger than MAX_NOTEBOOK_BYTES, or is not a notebook.
 */
export function readNotebook(file: string): Notebook {
  const name = path.basename(file);
  let text: string;
  try {
    text = readRegularFile(file, MAX_NOTEBOOK_BYTES).toString("utf8");
  } catch (error) {
    throw unreadable(name, error);
  }
  return parseNotebook(text, name);
}

/**
 * Parses the notebook in `text`.
 *
 * @throws NotebookFileError whose message begins with `name`.
 */
export function parseNotebook(text: string, name: string): Notebook {
  const raw = parseJson(text, name);
  if (typeof raw !== "object" || raw === null || !("cells" in raw) || !Array.isArray(raw.cells)) {
    throw new NotebookFileError(`${name} is JSON, but not a notebook: it has no list of "cells"`);
  }
  const format = "nbformat" in raw ? raw.nbformat : undefined;
  if (format !== 4) {
    const got = typeof format === "number" ? `nbformat ${format}` : "no nbformat";
    throw new NotebookFileError(`${name} has ${got}, expected 4: open it in JupyterLab and save it again`);
  }
  raw.cells.forEach((cell, index) => assertCell(cell, index, name));
  return { cells: raw.cells as NotebookCell[], raw: raw as RawNotebook, form: formOf(text) };
}

/** Writes a notebook to `file` in one step: see `replaceFile`. */
export function writeNotebook(file: string, notebook: Notebook): void {
  replaceFile(file, serializeNotebook(notebook));
}

/** Returns a notebook's text in its form. */
export function serializeNotebook({ raw, form }: Notebook): string {
  const json = losslessJson(raw, form.indent);
  const text =
    (form.isAscii ? json.replace(/[\u0080-\uffff]/g, escaped) : json) + (form.endsInNewline ? "\n" : "");
  return (form.hasMark ? BYTE_ORDER_MARK : "") + text.replaceAll("\n", form.newline); // text has its newlines escaped
}

/** Returns the JSON of a part of a notebook, with the digits of its numbers. */
export function losslessJson(value: unknown, indent = ""): string {
  return stringify(value, undefined, indent)!;
}

/** Returns a cell's source as one string, whether the file has a string or a list of lines. */
export function cellSource(cell: NotebookCell): string {
  return typeof cell.source === "string" ? cell.source : cell.source.join("");
}

/** Replaces a cell's source, in the form that it had: one string, or a list of lines. */
export function setCellSource(cell: NotebookCell, source: string): void {
  cell.source = typeof cell.source === "string" ? source : (source.match(/[^\n]*\n|[^\n]+/g) ?? []);
}

/** Returns the role of a cell of the course, or undefined for a cell that a learner added. */
export function courseRole(cell: NotebookCell): CourseRole | undefined {
  const role = courseMetadata(cell).role;
  return COURSE_ROLES.find((known) => known === role);
}

/** Returns the id of the exercise that a cell belongs to, if it belongs to one. */
export function exerciseOf(cell: NotebookCell): string | undefined {
  const { exercise } = courseMetadata(cell);
  return typeof exercise === "string" ? exercise : undefined;
}

/** Returns whether a code cell declares a function, class or variable `name` at its top level. */
export function declares(cell: NotebookCell, name: string): boolean {
  const declaration = new RegExp(`^(export )?(async )?(function\\*?|class|const|let|var) ${name}\\b`, "m");
  return cell.cell_type === "code" && declaration.test(cellSource(cell));
}

function courseMetadata(cell: NotebookCell): Record<string, unknown> {
  const course = cell.metadata?.course;
  return typeof course === "object" && course !== null ? (course as Record<string, unknown>) : {};
}

function parseJson(text: string, name: string): unknown {
  if (text.trim() === "") throw new NotebookFileError(`${name} is empty`);
  if (/^<{7} /m.test(text)) {
    throw new NotebookFileError(
      `${name} is not JSON: it has git's conflict marks (<<<<<<<) in it; choose one side of each`,
    );
  }
  try {
    return parse(text.replace(BYTE_ORDER_MARK, ""), undefined, losslessNumber);
  } catch (error) {
    if (!/[}\]]\s*$/.test(text)) {
      throw new NotebookFileError(
        `${name} is not JSON: it ends in the middle, as if it had not been saved or copied whole; copy it again from where it is whole`,
      );
    }
    const why = printable((error as Error).message.replace(/\s+/g, " ").slice(0, 120));
    throw new NotebookFileError(`${name} is not JSON (${why}): restore it, or mend it in a text editor`);
  }
}

function assertCell(cell: unknown, index: number, name: string): void {
  const issue = cellShape.safeParse(cell).error?.issues[0];
  if (!issue) return;
  const where = issue.path.length ? `"${printable(issue.path.join("."))}"` : "the cell";
  throw new NotebookFileError(`${name}: cell ${index + 1} is not a cell: ${where}: ${issue.message}`);
}

function unreadable(name: string, error: unknown): NotebookFileError {
  if (error instanceof FileRefused) return new NotebookFileError(`${name} ${error.message}`);
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return new NotebookFileError(`${name} is missing`);
  return new NotebookFileError(`${name} cannot be read: ${message}`);
}

const BYTE_ORDER_MARK = "\ufeff";

function formOf(text: string): TextForm {
  const isOneLine = !text.trim().includes("\n");
  return {
    indent: /^\ufeff?\{\r?\n([ \t]+)/.exec(text)?.[1] ?? (isOneLine ? "" : " "),
    newline: text.includes("\r\n") ? "\r\n" : "\n",
    hasMark: text.startsWith(BYTE_ORDER_MARK),
    endsInNewline: text.endsWith("\n"),
    isAscii: !/[^\0-\x7f]/.test(text) && /\\u(?!00[0-7])/.test(text),
  };
}

/** Returns a number, or a LosslessNumber if JavaScript would write it with other digits. */
function losslessNumber(digits: string): number | LosslessNumber {
  return JSON.stringify(Number(digits)) === digits ? Number(digits) : new LosslessNumber(digits);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
