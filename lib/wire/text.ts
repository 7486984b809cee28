/**
 * The text in messages: UTF-8, as far as it is that. Peers may send any bytes as their user agent.
 *
 * A byte that is not part of UTF-8 becomes one of U+DC80 to U+DCFF, which UTF-8 has no bytes for, and
 * on the way back that byte again (PEP 383, https://peps.python.org/pep-0383/). So whatever was read
 * is written as the same bytes. Bitcoin Core shows less: its log leaves out all but letters, digits
 * and a few signs (SanitizeString, util/strencodings.h).
 */
import { isUtf8 } from "node:buffer";

const LONGEST_CHARACTER = 4;
const ESCAPE = 0xdc00;

/** Bytes as text; those that are not UTF-8 as U+DC80 to U+DCFF. */
export function textOfBytes(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return utf8(bytes);
  let text = "";
  for (let start = 0; start < bytes.length;) {
    const length = characterLength(bytes, start);
    text +=
      length > 0 ? utf8(bytes.subarray(start, start + length)) : String.fromCharCode(ESCAPE + bytes[start]);
    start += length || 1;
  }
  return text;
}

/** Text as bytes: the way back from `textOfBytes`. */
export function bytesOfText(text: string): Uint8Array {
  const parts = text
    .split(/([\udc80-\udcff])/u)
    .map((part, i) => (i % 2 === 1 ? Buffer.of(part.charCodeAt(0) - ESCAPE) : Buffer.from(part, "utf8")));
  return new Uint8Array(Buffer.concat(parts));
}

/** Text that any program can read: a stray byte as `\xff`, half a surrogate pair as U+FFFD. There is no way back. */
export function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, (half) => {
    const code = half.charCodeAt(0);
    return code >= 0xdc80 && code <= 0xdcff ? `\\x${(code - ESCAPE).toString(16)}` : "\ufffd";
  });
}

/** Text that can be printed: `wellFormed`, with what does not print (orders to a terminal, marks that turn the writing round) as `\x1b` or `\u{202e}`. */
export function printable(text: string): string {
  return wellFormed(text).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
  });
}

/** How many bytes the character at `start` has; 0 if there is none. */
function characterLength(bytes: Uint8Array, start: number): number {
  for (let length = 1; length <= LONGEST_CHARACTER && start + length <= bytes.length; length++) {
    if (isUtf8(bytes.subarray(start, start + length))) return length;
  }
  return 0;
}

/** Bytes as text of a character a byte. */
export function latin1(bytes: Uint8Array): string {
  return asBuffer(bytes).toString("latin1");
}

function utf8(bytes: Uint8Array): string {
  return asBuffer(bytes).toString("utf8");
}

/** The same memory as a Buffer: what a socket gives is one already. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
