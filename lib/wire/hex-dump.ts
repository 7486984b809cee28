/** Bytes as people read them: some in a line, and at the left how many came before. */
import { toHex } from "./bytes";
import { HEADER_LENGTH } from "./packet";

/** Width of the number at the left: enough for 9,999 bytes. */
const OFFSET_DIGITS = 4;

/**
 * Returns bytes in hexadecimal, in lines of `bytesPerLine`: `  24  80 11 01 00 …`.
 *
 * A line begins with the place of its first byte, in decimal, as the lessons count fields. If not given, a
 * line has as many bytes as the header of a message.
 */
export function hexDump(bytes: Uint8Array, bytesPerLine = HEADER_LENGTH): string {
  const lines = Array.from({ length: Math.ceil(bytes.length / bytesPerLine) }, (_, i) => {
    const start = i * bytesPerLine;
    const pairs = toHex(bytes.subarray(start, start + bytesPerLine)).match(/../g) ?? [];
    return `${String(start).padStart(OFFSET_DIGITS)}  ${pairs.join(" ")}`;
  });
  return lines.join("\n");
}
