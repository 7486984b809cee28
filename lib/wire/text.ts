/**
 * The text in messages, for example the user agent. It should be UTF-8, but peers may send any bytes.
 *
 * A byte that is not part of UTF-8 is read as one of U+DC80 to U+DCFF, for which UTF-8 has no bytes. It
 * is written as the same byte again (PEP 383, https://peps.python.org/pep-0383/). So text that was read
 * is written as the same bytes. Bitcoin Core shows less: its log keeps only letters, digits and a few
 * signs (SanitizeString, util/strencodings.h).
 */
import { isUtf8 } from "node:buffer";

/** Maximum length of a character in UTF-8, in bytes. */
const MAX_CHARACTER_LENGTH = 4;
/** The code point of a byte that is not UTF-8 is this plus the byte. */
const ESCAPE = 0xdc00;

/** Returns bytes as text, with U+DC80 to U+DCFF for bytes that are not UTF-8. */
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

/** Returns the bytes of text: the inverse of `textOfBytes`. */
export function bytesOfText(text: string): Uint8Array {
  const parts = text
    .split(/([\udc80-\udcff])/u)
    .map((part, i) => (i % 2 === 1 ? Buffer.of(part.charCodeAt(0) - ESCAPE) : Buffer.from(part, "utf8")));
  return new Uint8Array(Buffer.concat(parts));
}

/**
 * Returns text that any program can read. Bytes that are not UTF-8 become text like `\xff`, and halves of
 * surrogate pairs become U+FFFD. The bytes cannot be recovered from it.
 */
export function escapeInvalidBytes(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, (half) => {
    const code = half.charCodeAt(0);
    return code >= 0xdc80 && code <= 0xdcff ? `\\x${(code - ESCAPE).toString(16)}` : "\ufffd";
  });
}

/** Returns text with U+FFFD for each byte that is not UTF-8, as any JSON API has it. */
export function replaceInvalidBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}

/**
 * Characters that do something else than being seen: control characters (C0, C1), marks that change the
 * writing direction, line separators, and characters that are not shown at all.
 * https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Returns text of a peer, a service or a file that is safe to show, in a terminal and in a page.
 *
 * Bytes that are not UTF-8 are `\xff` (`escapeInvalidBytes`), unprintable characters `\x1b` or `\u{202e}`.
 * HTML and plotly need their own escapes besides.
 */
export function printable(text: string): string {
  return escapeInvalidBytes(text).replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
  });
}

/** Returns text of several lines that is safe to show: each line as `printable` returns it. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** Returns the same JSON with unprintable characters as `\u009b`, so that it is safe to show. */
export function printableJson(json: string): string {
  return json.replace(UNPRINTABLE, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

/** Returns the number of bytes of the character at `start`; 0 if they are not UTF-8. */
function characterLength(bytes: Uint8Array, start: number): number {
  for (let length = 1; length <= MAX_CHARACTER_LENGTH && start + length <= bytes.length; length++) {
    if (isUtf8(bytes.subarray(start, start + length))) return length;
  }
  return 0;
}

/** Returns bytes as text of one character per byte. */
export function latin1(bytes: Uint8Array): string {
  return asBuffer(bytes).toString("latin1");
}

function utf8(bytes: Uint8Array): string {
  return asBuffer(bytes).toString("utf8");
}

/** Returns a Buffer of the same memory. Chunks from a socket are Buffers already. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
