/**
 * Where the visits of a crawl are kept while it goes on: a line each, in a file, on stdout, or nowhere.
 *
 * A line is written before its visit is counted, and given to the system at once: a crawl that is killed
 * has lost nothing that it had reported.
 */
import { visitLine, type VisitLines } from "@course/lib/data";
import type { Visit } from "@course/lib/peer";
import { UsageError } from "@course/lib/util";
import fs from "node:fs";
import path from "node:path";

export interface VisitWriter {
  /** The file, if it is one. */
  file?: string;
  /** Writes the visit's line. A promise if whoever reads has to be waited for. Throws, or rejects with, the system's error. */
  write(visit: Visit): Promise<void> | void;
  close(): void;
}

/** A file that takes no more: a disk that is full, for example. */
export class WriteError extends Error {
  override readonly name = "KeepError";
}

/** Keeps nothing. */
export const NO_KEEPER: VisitWriter = { write() {}, close() {} };

/** Throws a WrongCall if a new crawl cannot be kept in `file`: it would write over something, or there is no such folder. */
export function requireNew(file: string): void {
  if (fs.existsSync(file)) {
    throw new UsageError(
      `${file} exists, and is not written over: use --resume ${file} to go on with it, or another name`,
    );
  }
  const folder = path.dirname(file);
  if (!fs.existsSync(folder)) throw new UsageError(`there is no folder ${folder} to keep the visits in`);
}

/** Keeps visits in a new file. Throws a WrongCall if it cannot be made. One that is still empty at the end is taken away. */
export function newFile(file: string): VisitWriter {
  requireNew(file);
  const descriptor = opened(file, "ax");
  let isEmpty = true;
  return {
    file,
    write(visit) {
      isEmpty = false;
      append(file, descriptor, visit);
    },
    close() {
      fs.closeSync(descriptor);
      if (isEmpty) fs.rmSync(file, { force: true });
    },
  };
}

/** Goes on in a file, behind its last whole line. Throws a WrongCall if it cannot be written. */
export function resumedFile(file: string, { wholeBytes }: VisitLines): VisitWriter {
  const descriptor = opened(file, "a");
  fs.ftruncateSync(descriptor, wholeBytes);
  return {
    file,
    write: (visit) => append(file, descriptor, visit),
    close: () => fs.closeSync(descriptor),
  };
}

function append(file: string, descriptor: number, visit: Visit): void {
  try {
    fs.writeFileSync(descriptor, `${visitLine(visit)}\n`);
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
    throw new UsageError(`the visits cannot be kept in ${file}: ${(error as Error).message}`);
  }
}

/** Writes visits to stdout, and waits for whoever reads them, until `signal` says that nobody waits any more. */
export function toStdout(signal: AbortSignal): VisitWriter {
  let release = (): void => {};
  signal.addEventListener("abort", () => release(), { once: true });
  process.stdout.on("error", () => {}); // each write hears of its own
  return {
    write: (visit) =>
      new Promise((resolve, reject) => {
        release = resolve;
        process.stdout.write(`${visitLine(visit)}\n`, (error) => (error ? reject(error) : resolve()));
      }),
    close() {},
  };
}
