/**
 * Lists the files of a zip file that others made. Nothing is unpacked on disk.
 *
 * Leaves out paths that lead out of it, links, encrypted files and files that are too large or that were
 * compressed more than a notebook can be. yauzl checks while it reads that a file is not longer than the zip
 * file says.
 */
import { megabytes, tooLarge } from "../util/regular-file";
import yauzl from "yauzl";
import {
  isMade,
  isRead,
  MAX_DEPTH,
  MAX_FILE_BYTES,
  MAX_FILES,
  shownPath,
  SubmissionError,
  type Tree,
} from "./tree";

/** The most that the files of one zip file may have together, in bytes. */
const MAX_TOTAL_BYTES = 256e6;
/** Notebooks shrink to a tenth; a bomb of zeros to a thousandth. */
const MAX_RATIO = 200;
const [KIND, LINK] = [0o170000, 0o120000];

/** A zip file to read: its path, or its bytes. */
type Zipped = string | Buffer;

/**
 * Returns what a zip file holds that is read. `close` lets go of it.
 *
 * @throws SubmissionError if it is no zip file, or is not safe to read.
 */
export async function readZip(zipped: Zipped, maxTotal = MAX_TOTAL_BYTES): Promise<Tree & { close(): void }> {
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true };
  const zip = await orSubmissionError(
    typeof zipped === "string"
      ? yauzl.openPromise(zipped, options)
      : yauzl.fromBufferPromise(zipped, options),
  );
  const tree: Tree = { files: [], refused: [], outside: [] };
  try {
    if (zip.entryCount > MAX_FILES) throw new SubmissionError(`holds more than ${MAX_FILES} files`);
    let total = 0;
    for await (const entry of zip.eachEntry()) {
      const path = nameOf(entry);
      if (yauzl.validateFileName(path) !== null) {
        tree.outside.push(shownPath(path));
        continue;
      }
      if (path.endsWith("/") || path.split("/").some(isMade)) continue;
      const reason = refusal(entry, path);
      if (reason) tree.refused.push({ path, reason });
      if (reason || !isRead(path)) continue;
      total += entry.uncompressedSize;
      if (total > maxTotal) throw new SubmissionError(`unpacks to more than ${megabytes(maxTotal)}`);
      tree.files.push({ path, size: entry.uncompressedSize, read: () => readEntry(zip, entry) });
    }
  } catch (error) {
    zip.close();
    if (error instanceof SubmissionError) throw error;
    throw new SubmissionError(`is a damaged zip file (${shownPath((error as Error).message)})`);
  }
  return { ...tree, close: () => zip.close() };
}

function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: yauzl.Entry): string {
  return yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
}

function refusal(entry: yauzl.Entry, path: string): string | undefined {
  const { uncompressedSize: size, compressedSize } = entry;
  if (((entry.externalFileAttributes >>> 16) & KIND) === LINK) return "is a link, expected a file";
  if (!isRead(path)) return undefined;
  if (entry.isEncrypted()) return "is encrypted";
  if (size > MAX_FILE_BYTES) return tooLarge(size, MAX_FILE_BYTES);
  if (size > 1e6 && size > MAX_RATIO * compressedSize)
    return `unpacks to ${Math.round(size / compressedSize)} times its size`;
  return path.split("/").length > MAX_DEPTH + 1 ? `is more than ${MAX_DEPTH} folders deep` : undefined;
}

async function readEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Buffer> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  } catch (error) {
    throw new SubmissionError(`is a damaged zip file (${shownPath((error as Error).message)})`);
  }
}

async function orSubmissionError<T>(opened: Promise<T>): Promise<T> {
  try {
    return await opened;
  } catch (error) {
    throw new SubmissionError(`is no zip file that can be read (${shownPath((error as Error).message)})`);
  }
}
