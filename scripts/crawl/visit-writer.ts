/**
 * Writes the visits of a crawl as lines of JSON: to a file, to stdout, or nowhere.
 *
 * Each line is written, without a buffer, before its visit is counted: a crawl that is killed has lost no
 * visit that it has reported.
 */
import { visitLine, type VisitLines } from "@course/lib/data";
import type { Visit } from "@course/lib/peer";
import { replaceFile, UsageError } from "@course/lib/util";
import fs from "node:fs";
import path from "node:path";
import { type Flags, STDOUT } from "./options";

export interface VisitWriter {
  /** The path of the file, if the visits go to one. */
  file?: string;
  /**
   * Writes a visit's line. Returns a promise if the reader of stdout must take it first.
   *
   * @throws WriteError if the file takes no more. The promise rejects with one if stdout takes no more, or with
   * the system's EPIPE if its reader is gone.
   */
  write(visit: Visit): Promise<void> | void;
  /**
   * Writes lines of visits. When it returns, or its promise resolves, they are on the disk, or taken by the
   * reader of stdout.
   *
   * @throws WriteError as `write` does.
   */
  writeLines(lines: readonly string[]): Promise<void> | void;
  close(): void;
}

/** The file or stdout takes no more: the disk is full, for example. */
export class WriteError extends Error {
  override readonly name = "WriteError";
}

/** Writes nothing. */
const noWriter: VisitWriter = { write() {}, writeLines() {}, close() {} };

/**
 * Checks that `file` can be created.
 *
 * @throws UsageError if it exists, or if its folder does not.
 */
export function requireNew(
  file: string,
  advice = `use --resume ${file} to go on with it, or another name`,
): void {
  if (fs.existsSync(file)) throw new UsageError(`${file} exists, and is not overwritten: ${advice}`);
  const folder = path.dirname(file);
  if (!fs.existsSync(folder)) throw new UsageError(`there is no folder ${folder} to write ${file} to`);
}

/** Returns the writer that the flags ask for. `lines` are those of the file of `--resume`. */
export function writerFor(
  { json, resume }: Pick<Flags, "json" | "resume">,
  lines: VisitLines | undefined,
  signal: AbortSignal,
): VisitWriter {
  if (resume !== undefined) return resumedFileWriter(resume, lines!);
  if (json === undefined) return noWriter;
  return json === STDOUT ? stdoutWriter(signal) : newFileWriter(json);
}

/**
 * Returns a writer to a new file. If no visit is written, `close` removes the file.
 *
 * @throws UsageError if the file cannot be created.
 */
export function newFileWriter(file: string): VisitWriter {
  requireNew(file);
  const descriptor = opened(file, "ax");
  let isEmpty = true;
  return {
    file,
    write(visit) {
      isEmpty = false;
      append(file, descriptor, [visitLine(visit)]);
    },
    writeLines(lines) {
      isEmpty &&= lines.length === 0;
      append(file, descriptor, lines, true);
    },
    close() {
      fs.closeSync(descriptor);
      if (isEmpty) fs.rmSync(file, { force: true });
    },
  };
}

/**
 * Returns a writer that appends to a file, after its last whole line. Rewrites a file of UTF-16 first.
 *
 * @throws UsageError if the file cannot be written.
 */
export function resumedFileWriter(file: string, { wholeBytes, converted }: VisitLines): VisitWriter {
  if (converted) replaceFile(file, converted);
  const descriptor = opened(file, "a");
  fs.ftruncateSync(descriptor, wholeBytes);
  return {
    file,
    write: (visit) => append(file, descriptor, [visitLine(visit)]),
    writeLines: (lines) => append(file, descriptor, lines, true),
    close: () => fs.closeSync(descriptor),
  };
}

function append(file: string, descriptor: number, lines: readonly string[], toDisk = false): void {
  try {
    fs.writeFileSync(descriptor, lines.map((line) => `${line}\n`).join(""));
    if (toDisk) fs.fdatasyncSync(descriptor);
  } catch (error) {
    throw new WriteError(
      `${file} takes no more visits (${(error as Error).message}): make room, then go on with --resume ${file}`,
    );
  }
}

function opened(file: string, flags: string): number {
  try {
    return fs.openSync(file, flags);
  } catch (error) {
    throw new UsageError(`the visits cannot be written to ${file}: ${(error as Error).message}`);
  }
}

/**
 * Returns a writer to stdout that waits until each line is taken.
 *
 * After `signal` is aborted it waits no longer.
 */
export function stdoutWriter(signal: AbortSignal): VisitWriter {
  let release = (): void => {};
  signal.addEventListener("abort", () => release(), { once: true });
  process.stdout.on("error", () => {}); // the callback of each write gets its error
  const write = (lines: readonly string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      release = resolve;
      process.stdout.write(lines.map((line) => `${line}\n`).join(""), (error) =>
        error ? reject(stdoutError(error)) : resolve(),
      );
    });
  return { write: (visit) => write([visitLine(visit)]), writeLines: write, close() {} };
}

function stdoutError(error: NodeJS.ErrnoException): Error {
  if (error.code === "EPIPE") return error;
  return new WriteError(
    `stdout takes no more visits (${error.message}): make room, or write to a file on another disk with --json FILE`,
  );
}
