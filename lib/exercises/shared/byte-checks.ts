/** How the checks of lessons one and two pass bytes to an answer, and compare what it returns. */
import { ByteReader, toHex } from "../../wire/bytes";
import { showBytes } from "../../checks/calls";
import { expectError, expectThat, show } from "../../checks/expect";
import type { ProtocolErrorCode } from "../../wire/errors";

/** The value of the bytes before and after those that an answer must read. */
const AROUND = 0xa5;
const BEFORE = 11;
const AFTER = 5;

/** Returns the same bytes as a view into a larger buffer, so that `bytes.buffer` begins with other bytes. */
export function embedded(bytes: Uint8Array): Uint8Array {
  return withAround(bytes).subarray(BEFORE, BEFORE + bytes.length);
}

/** Returns a reader that is before these bytes, with other bytes around them. */
export function embeddedReader(bytes: Uint8Array): ByteReader {
  const reader = new ByteReader(embedded(withAround(bytes)));
  reader.offset = BEFORE;
  return reader;
}

function withAround(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(BEFORE + bytes.length + AFTER).fill(AROUND);
  whole.set(bytes, BEFORE);
  return whole;
}

/** Expects that a reader from `embeddedReader` has advanced by this many bytes. */
export function expectTaken(what: string, reader: ByteReader, length: number): void {
  const taken = reader.offset - BEFORE;
  const bytes = (count: number) => `${count} ${count === 1 ? "byte" : "bytes"}`;
  expectThat(
    taken === length,
    `${what}: expected the reader to advance by ${bytes(length)}, from byte ${BEFORE} to byte ${BEFORE + length}; got it at byte ${reader.offset}`,
  );
}

/** A likely mistake: what it is, as "the hash without its tag", and the bytes that it makes. */
export type Slip = readonly [what: string, bytes: () => Uint8Array];

/** Returns `: that is …` if these bytes are what one of the likely mistakes makes; else no text. */
export function slipText(actual: Uint8Array, slips: readonly Slip[]): string {
  const made = slips.find(([, bytes]) => toHex(bytes()) === toHex(actual));
  return made ? `: that is ${made[0]}` : "";
}

/** Expects these bytes, in a Uint8Array of any class. Bytes that a likely mistake makes are named by it. */
export function expectSameBytes(
  what: string,
  actual: unknown,
  expected: Uint8Array,
  slips: readonly Slip[] = [],
): void {
  expectThat(
    actual instanceof Uint8Array,
    `${what}: expected a Uint8Array of ${expected.length} bytes, got ${show(actual)}`,
  );
  const shown = actual.length > 64 ? `${actual.length} bytes` : toHex(actual) || "no bytes";
  expectThat(
    toHex(actual) === toHex(expected),
    `${what}: expected ${toHex(expected) || "no bytes"}, got ${shown}${slipText(actual, slips)}`,
  );
}

/** Expects that the bytes which were passed to an answer have not changed. */
export function expectUntouched(what: string, bytes: Uint8Array, before: Uint8Array): void {
  expectThat(
    toHex(bytes) === toHex(before),
    `${what}: expected the bytes that were passed in not to change; they were ${showBytes(before)} and are now ${showBytes(bytes)}`,
  );
}

/** A value that an error's message must name: bytes, a number, or one of several numbers. */
type Named = Uint8Array | number | readonly number[];

/**
 * Expects that `call` throws a ProtocolError with this code, whose message names these values.
 * `when` continues "expected an error …".
 */
export async function expectRefused(
  when: string,
  code: ProtocolErrorCode,
  call: () => unknown,
  named: readonly Named[] = [],
): Promise<void> {
  const error = await expectError(when, call);
  const { code: actual } = error as { code?: unknown };
  const instead = `${error.name}: ${error.message}`.slice(0, 300);
  expectThat(
    actual === code,
    `expected a ProtocolError with the code ${show(code)} ${when}, got ${actual === undefined ? "" : `the code ${show(actual)}, `}${instead}`,
    error,
  );
  const missing = named.find((value) => !names(error.message, value));
  expectThat(
    missing === undefined,
    `${code} ${when}: expected an error message that says what was expected and what came; ${text(missing)} is missing in ${show(error.message)}`,
    error,
  );
}

/**
 * Returns whether a sentence contains a value, in any of the usual ways to write it:
 * 4,000,000 or 4000000; f9beb4d9, f9 be b4 d9 or 249,190,180,217.
 */
function names(sentence: string, value: Named): boolean {
  if (typeof value === "number") return new RegExp(`(?<!\\d)${value}(?!\\d)`).test(plainNumbers(sentence));
  if (value instanceof Uint8Array) {
    const bytes = sentence.toLowerCase().replace(/0x|[\s,:]/g, "");
    return bytes.includes(toHex(value)) || bytes.includes(value.join(""));
  }
  return value.some((number) => names(sentence, number));
}

function plainNumbers(sentence: string): string {
  return sentence.replace(/(?<=\d)[,._' ](?=\d{3})/g, "");
}

function text(value: Named | undefined): string {
  if (value instanceof Uint8Array) return toHex(value);
  return String(typeof value === "number" ? value : value?.[0]);
}
