/**
 * Snapshots in files: the body of the bitnodes API, as `npm run crawl -- --snapshot` and `curl` write it, or
 * the visits that `npm run crawl -- --json` writes.
 *
 * A file may be somebody else's. It is read as far as it is a snapshot, and its text is never trusted.
 */
import fs from "node:fs";
import { parseSnapshot, type Snapshot } from "../../bitnodes/api";
import { FileRefused, readRegularFile } from "../../util/regular-file";
import { temporaryFor } from "../../util/files";
import { printableJson } from "../../wire/text";
import { readVisitLines } from "../visit-lines";
import { snapshotOf } from "./snapshot-of-visits";

/** A file that is no snapshot, or that cannot be read or written. The message names the file. */
export class SnapshotFileError extends Error {
  override readonly name = "SnapshotFileError";
}

/** The largest file that is read, in bytes. A snapshot of the live network has 2 to 4 MB. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads a snapshot. Nodes whose fields cannot be read are left out, with a warning.
 *
 * @throws SnapshotFileError if there is no such file, or if it is no snapshot.
 */
export function readSnapshot(file: string): Snapshot {
  try {
    if (file.endsWith(".jsonl")) return snapshotOf(readVisitLines(file).visits);
    const snapshot = parseSnapshot(readRegularFile(file, MAX_BYTES).toString("utf8"));
    if (Number.isSafeInteger(snapshot.timestamp) && snapshot.timestamp >= 0) return snapshot;
    throw new Error(`not a snapshot: expected \`timestamp\` to be Unix seconds, got ${snapshot.timestamp}`);
  } catch (error) {
    throw new SnapshotFileError(sentence(file, error as NodeJS.ErrnoException));
  }
}

function sentence(file: string, error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return `there is no file ${file}: npm run crawl -- --snapshot ${file} makes one`;
  if (error instanceof FileRefused) return `${file} ${error.message}`;
  return error.message.startsWith(file) ? error.message : `${file}: ${error.message}`;
}

/** Returns why a snapshot was not written to a new file. */
export function unwritable(file: string, { code, message }: NodeJS.ErrnoException): SnapshotFileError {
  return new SnapshotFileError(
    code === "EEXIST"
      ? `${file} exists, and is not overwritten by the snapshot`
      : `the snapshot cannot be written to ${file}: ${message}`,
  );
}

/**
 * Writes a snapshot to a new file, which appears whole.
 *
 * @throws SnapshotFileError if there is a file of that name, or if it cannot be written. Then none is left.
 */
export function writeSnapshot(snapshot: Snapshot, file: string): void {
  let temporary: string | undefined;
  try {
    temporary = temporaryFor(file);
    fs.writeFileSync(temporary, `${printableJson(JSON.stringify(snapshot))}\n`, { flush: true });
    fs.linkSync(temporary, file); // which fails if the file exists
  } catch (error) {
    throw unwritable(file, error as NodeJS.ErrnoException);
  } finally {
    if (temporary !== undefined) fs.rmSync(temporary, { force: true });
  }
}
