/**
 * The addresses that a discovery has heard of, in a file beside that of its visits: each once, a line each.
 *
 * What a peer has named is in the file before that peer's visit is in its own. So a discovery that is killed
 * has lost nobody: whose visit is missing is called again, and names the same addresses again.
 */
import { addressString, type AddressTuple, parseAddress } from "@course/lib/peer";
import { UsageError } from "@course/lib/util";
import { printable } from "@course/lib/wire";
import fs from "node:fs";
import { WriteError } from "./visit-writer";

/** Returns the name of the file beside the file of visits. */
export function heardFileOf(file: string): string {
  return `${file}.heard`;
}

/**
 * Reads the addresses in a file, and the length of its whole lines in bytes. A last line that was cut off is
 * left out.
 *
 * @throws UsageError if there is no such file, or if a line is not an address.
 */
export function readHeard(file: string): { addresses: AddressTuple[]; wholeBytes: number } {
  const bytes = bytesOf(file);
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.subarray(0, wholeBytes).toString().split("\n").slice(0, -1);
  const addresses = lines.map((line, i) => {
    try {
      return parseAddress(line);
    } catch {
      const shown = printable(line.slice(0, 60));
      throw new UsageError(
        `${file}, line ${i + 1}: expected an address like 1.2.3.4:8333, got "${shown}": is it another program's file?`,
      );
    }
  });
  return { addresses, wholeBytes };
}

function bytesOf(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === "ENOENT"
        ? `there is no ${file}, which a discovery leaves beside its visits: leave out --discover to go on with the crawl of a list`
        : `${file} cannot be read: ${message}`,
    );
  }
}

/** Takes the addresses that a discovery hears of. */
export interface HeardWriter {
  add(address: AddressTuple): void;
  /**
   * Writes what was added since.
   *
   * @throws WriteError if the file takes no more.
   */
  flush(): void;
  close(): void;
}

/** Writes nothing. */
export const noHeardWriter: HeardWriter = { add() {}, flush() {}, close() {} };

/**
 * Returns a writer that appends to a file, after `wholeBytes` bytes.
 *
 * @throws UsageError if the file cannot be written.
 */
export function heardWriter(file: string, wholeBytes: number): HeardWriter {
  const descriptor = opened(file);
  fs.ftruncateSync(descriptor, wholeBytes);
  let lines = "";
  return {
    add: (address) => void (lines += `${addressString(address)}\n`),
    flush() {
      if (lines === "") return;
      try {
        fs.writeFileSync(descriptor, lines);
      } catch (error) {
        throw new WriteError(
          `${file} takes no more addresses (${(error as Error).message}): make room, then go on with --resume`,
        );
      }
      lines = "";
    },
    close: () => fs.closeSync(descriptor),
  };
}

function opened(file: string): number {
  try {
    return fs.openSync(file, "a");
  } catch (error) {
    throw new UsageError(`the addresses cannot be written to ${file}: ${(error as Error).message}`);
  }
}
