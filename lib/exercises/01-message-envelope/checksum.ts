/** 01-message-envelope: SHA-256, twice, and four bytes of it. */
import { createHash } from "node:crypto";
import { showBytes } from "../../checks/calls";
import { fromHex, toHex } from "../../wire/bytes";
import { checksum } from "../../wire/checksum";
import { embedded, expectSameBytes, expectUntouched } from "../shared/byte-checks";
import { CHECKSUM_OFFSET, HEADER_LENGTH } from "../../wire/packet";
import { defineExercise } from "../../checks/exercise";
import { RECORDED_MESSAGES } from "../shared/recorded-messages";

type Answer = typeof checksum;

const sha256 = (data: Uint8Array | string): Buffer => createHash("sha256").update(data).digest();

/** Returns the checksum that the sender of a recorded message wrote into its header. */
const announced = (bytes: Uint8Array) => bytes.subarray(CHECKSUM_OFFSET, HEADER_LENGTH);

const EMPTY = new Uint8Array(0);
/** The checksum of an empty payload: every `verack` has it. */
const CHECKSUM_OF_NOTHING = fromHex("5df6e0e2");

export default defineExercise<Answer>({
  id: "checksum",
  notebook: "01-message-envelope",
  title: "Four bytes that know whether it arrived",
  points: 2,
  solution: checksum,
  source: "wire/checksum.ts",
  randomArguments: (random) => [random.bytes(random.integer(0, 300))],
  hints: [
    "The cell above has a function that takes one SHA-256. What do you have to give it the second time?",
    "`sha256(sha256(payload))` is 32 bytes: the hash of the hash, not of its hexadecimal text. You want the first four, as bytes.",
    '```ts\nconst once = createHash("sha256").update(payload).digest();\n```\n\ngives the bytes of the first hash. The same line with `once` in the place of `payload` gives the second. `twice.subarray(0, 4)` are its first four bytes.',
  ],
  checks: [
    {
      name: "Recorded messages get the checksums that are in their headers",
      run(answer) {
        for (const { title, bytes, payload } of RECORDED_MESSAGES) {
          if (payload.length === 0) continue;
          const what = `the checksum in the ${title} (bytes 20 to 23), of its payload (${payload.length} bytes: ${showBytes(payload, 16)})`;
          expectSameBytes(what, answer(payload.slice()), announced(bytes));
        }
      },
    },
    {
      name: "An empty payload has a checksum, too",
      run: (answer) => expectSameBytes("the checksum of no bytes", answer(EMPTY), CHECKSUM_OF_NOTHING),
    },
    {
      name: "A single bit changes the checksum, wherever it is",
      run(answer) {
        const payload = new Uint8Array(200);
        for (const place of [0, 63, 64, 199]) {
          const changed = payload.map((_, i) => (i === place ? 1 : 0));
          const expected = sha256(sha256(changed)).subarray(0, 4);
          expectSameBytes(
            `the checksum of 200 zero bytes with byte ${place} set to 1`,
            answer(changed),
            expected,
          );
        }
      },
    },
    {
      name: "A payload in the middle of other bytes is read, and not changed",
      run(answer) {
        const [{ title, bytes, payload }] = RECORDED_MESSAGES;
        const view = embedded(payload);
        const what = `the checksum of the payload of the ${title}, which is a view: payload.buffer holds other bytes, too`;
        expectSameBytes(what, answer(view), announced(bytes));
        expectUntouched(`the payload of the ${title}`, view, payload);
      },
    },
  ],
  wrongAnswers: [
    {
      name: "hashes once",
      caughtBy: "Recorded messages get the checksums that are in their headers",
      answer: (payload) => sha256(payload).subarray(0, 4),
    },
    {
      name: "takes the last four bytes",
      caughtBy: "Recorded messages get the checksums that are in their headers",
      answer: (payload) => sha256(sha256(payload)).subarray(-4),
    },
    {
      name: "hashes the hexadecimal text of the first hash",
      caughtBy: "Recorded messages get the checksums that are in their headers",
      answer: (payload) => sha256(toHex(sha256(payload))).subarray(0, 4),
    },
    {
      name: "reverses the four bytes",
      caughtBy: "Recorded messages get the checksums that are in their headers",
      answer: (payload) => checksum(payload).reverse(),
    },
    {
      name: "returns all 32 bytes",
      caughtBy: "Recorded messages get the checksums that are in their headers",
      answer: (payload) => sha256(sha256(payload)),
    },
    {
      name: "returns hexadecimal text",
      caughtBy: "Recorded messages get the checksums that are in their headers",
      answer: (payload) => toHex(checksum(payload)) as unknown as Uint8Array,
    },
    {
      name: "returns zeros for an empty payload",
      caughtBy: "An empty payload has a checksum, too",
      answer: (payload) => (payload.length === 0 ? new Uint8Array(4) : checksum(payload)),
    },
    {
      name: "hashes the payload as text",
      caughtBy: "Recorded messages get the checksums that are in their headers",
      answer: (payload) => checksum(Buffer.from(Buffer.from(payload).toString())),
    },
    {
      name: "hashes all of the buffer that the payload is a view into",
      caughtBy: "A payload in the middle of other bytes is read, and not changed",
      answer: (payload) => checksum(new Uint8Array(payload.buffer)),
      message: /is a view: payload\.buffer holds other bytes, too: expected/,
    },
  ],
});
