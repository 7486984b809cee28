import { expect, test } from "vitest";
import { AnswerEntries } from "../../lib/practice/behaviour/answer-entries";

/** Returns the bytes of address `i`: four for its age, which is `i` seconds, and then `i` as often as it takes. */
function bytesOf(i: number, length: number): Uint8Array {
  return Uint8Array.of(i, 0, 0, 0, ...Array.from({ length: length - 4 }, () => i));
}

test.each([29, 30, 31, 32, 49])("an answer has each address once, of up to %i bytes", (maxLength) => {
  const size = 40;
  const lengths = Array.from({ length: size }, (_, i) =>
    i === size - 1 ? maxLength : 5 + (i % (maxLength - 4)),
  );
  let written = 0;
  const entries = new AnswerEntries(size, maxLength, (i, writer) => {
    written++;
    writer.write(bytesOf(i, lengths[i]));
  });
  for (let round = 1; round <= 2; round++) {
    // Each number is drawn twice, one after the other.
    let calls = 0;
    const payload = entries.answer(size, () => (7 * (calls++ >> 1)) % size, 1000 * round);
    const expected = Array.from({ length: size }, (_, k) => {
      const i = (7 * k) % size;
      const bytes = Buffer.from(bytesOf(i, lengths[i]));
      bytes.writeUInt32LE(1000 * round - i);
      return bytes;
    });
    expect(Buffer.from(payload)).toEqual(Buffer.concat([Buffer.of(size), ...expected]));
  }
  expect(written).toBe(size);
});
