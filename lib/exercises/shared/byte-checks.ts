/** How the checks of lessons one and two hand bytes to an answer, and look at what it made of them. */
import { ByteReader, toHex } from "../../wire/bytes";
import { expectError, expectThat, show } from "../../checks/expect";
import type { ProtocolErrorCode } from "../../wire/errors";

/** What stands around the bytes that an answer is to read: nothing that could be taken for them. */
const AROUND = 0xa5;
const BEFORE = 11;
const AFTER = 5;

/** The same bytes as a view into a larger buffer, so that `bytes.buffer` begins with something else. */
export function embedded(bytes: Uint8Array): Uint8Array {
  return withAround(bytes).subarray(BEFORE, BEFORE + bytes.length);
}

/** A reader that has these bytes before it, stands in the middle of others, and is not to touch those. */
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

/** The reader, which `readerAmid` gave, has taken this many bytes and no more. */
export function expectTaken(what: string, reader: ByteReader, length: number): void {
  const taken = reader.offset - BEFORE;
  const bytes = (count: number) => `${count} ${count === 1 ? "byte" : "bytes"}`;
  expectThat(
    taken === length,
    `${what}: expected the reader to go on by ${bytes(length)}, from byte ${BEFORE} to byte ${BEFORE + length}; got it at byte ${reader.offset}`,
  );
}

/** A value is these bytes: a Uint8Array, of whichever kind. */
export function expectSameBytes(what: string, actual: unknown, expected: Uint8Array): void {
  expectThat(
    actual instanceof Uint8Array,
    `${what}: expected a Uint8Array of ${expected.length} bytes, got ${show(actual)}`,
  );
  const shown = actual.length > 64 ? `${actual.length} bytes` : toHex(actual) || "no bytes";
  expectThat(
    toHex(actual) === toHex(expected),
    `${what}: expected ${toHex(expected) || "no bytes"}, got ${shown}`,
  );
}

/** The bytes that an answer was given are what they were. */
export function expectUntouched(what: string, bytes: Uint8Array, before: Uint8Array): void {
  expectThat(
    toHex(bytes) === toHex(before),
    `${what}: expected the bytes that were passed in to stay as they were, got them changed`,
  );
}

/** What an error's message has to name: bytes, a number, or one of several numbers. */
type Named = Uint8Array | number | readonly number[];

/** The call throws a ProtocolError with this code, whose message names these values. `when` continues "expected an error …". */
export async function expectRefused(
  when: string,
  code: ProtocolErrorCode,
  call: () => unknown,
  named: readonly Named[] = [],
): Promise<void> {
  const error = await expectError(when, call);
  const { code: came } = error as { code?: unknown };
  const instead = `${error.name}: ${error.message}`.slice(0, 300);
  expectThat(
    came === code,
    `expected a ProtocolError with the code ${show(code)} ${when}, got ${came === undefined ? "" : `the code ${show(came)}, `}${instead}`,
  );
  const missing = named.find((value) => !names(error.message, value));
  expectThat(
    missing === undefined,
    `expected a message that says what was expected and what came ${when}, so with ${text(missing)} in it, got ${show(error.message)}`,
  );
}

/** Whether a sentence has a value in it, whichever way it is written: 4,000,000 or 4000000, f9beb4d9 or f9 be b4 d9 or 249,190,180,217. */
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
