/** Reads files that others made: a pipe, a device, a link that leads elsewhere or a huge file is refused. */
import fs from "node:fs";
import path from "node:path";

/** Says why a file is not read. The message is a predicate: "is a pipe, expected a file". */
export class FileRefused extends Error {
  override readonly name = "FileRefused";
}

/**
 * Returns the bytes of the regular file at `file`.
 *
 * A symbolic link is followed if it stays in its folder, since a link out of it shows somebody else's file.
 * The file is opened without waiting: opening a pipe waits for a writer.
 *
 * @throws FileRefused if it is no regular file, or has more than `maxBytes` bytes.
 * @throws the system's error if it cannot be opened or read.
 */
export function readRegularFile(file: string, maxBytes: number): Buffer {
  const target = fs.realpathSync(file);
  const folder = fs.realpathSync(path.dirname(file));
  if (path.dirname(target) !== folder && !target.startsWith(folder + path.sep))
    throw new FileRefused("is a link that leads out of its folder, expected a file");
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = fs.constants;
  assertRegular(fs.lstatSync(target), maxBytes); // opening a device may have an effect of its own
  const descriptor = fs.openSync(target, O_RDONLY | (O_NONBLOCK ?? 0) | (O_NOFOLLOW ?? 0));
  try {
    assertRegular(fs.fstatSync(descriptor), maxBytes);
    return fs.readFileSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function assertRegular(stats: fs.Stats, maxBytes: number): void {
  if (!stats.isFile()) throw new FileRefused(`is ${kindOf(stats)}, expected a file`);
  if (stats.size > maxBytes) throw new FileRefused(tooLarge(stats.size, maxBytes));
}

/** Returns why a file of `bytes` bytes is not read: "has 65 MB, expected at most 64 MB". */
export function tooLarge(bytes: number, maxBytes: number): string {
  return `has ${megabytes(bytes)}, expected at most ${megabytes(maxBytes)}`;
}

/** Returns what something in a folder is, with its article: "a pipe". */
export function kindOf(
  stats: Pick<fs.Stats, "isDirectory" | "isFIFO" | "isSocket" | "isSymbolicLink">,
): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a pipe";
  if (stats.isSocket()) return "a socket";
  return stats.isSymbolicLink() ? "a link" : "a device";
}

/** Returns a number of bytes as "64 MB", rounded up. */
export function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString("en-US")} MB`;
}
