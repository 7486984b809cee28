/** 01-message-envelope: the whole message, and everything that can be wrong with it. */
import { concat, fromHex, toHex } from "../../wire/bytes";
import { checksum } from "../../wire/checksum";
import { showBytes } from "../../checks/calls";
import { expectBytes, expectFieldsRead, packetFields } from "../../checks/expect-bytes";
import { expectThat, show } from "../../checks/expect";
import {
  CHECKSUM_OFFSET,
  HEADER_LENGTH,
  LENGTH_OFFSET,
  MAGIC,
  MAX_PAYLOAD_LENGTH,
  parsePacket,
  serializePacket,
} from "../../wire/packet";
import { embedded, expectRefused, expectUntouched } from "../shared/byte-checks";
import { defineExercise } from "../../checks/exercise";
import { RECORDED_MESSAGES, RECORDED_VERSIONS } from "../shared/recorded-messages";
import { answerPlace } from "../../checks/place/answer-place";
import { formatCount } from "../../util/numbers";
import { wrongPackets } from "./parse-packet.wrong";
import { packet } from "../shared/random-input";

type Answer = typeof parsePacket;
type Opened = ReturnType<Answer>;

const [{ title: TITLE, bytes: VERSION, payload: PAYLOAD }] = RECORDED_VERSIONS;

const VERACK = fromHex("f9beb4d9 76657261636b000000000000 00000000 5df6e0e2");

/** Returns a header with nothing after it that announces a payload of this many bytes. */
function headerClaiming(length: number): Uint8Array {
  const header = VERSION.slice(0, HEADER_LENGTH);
  new DataView(header.buffer).setUint32(LENGTH_OFFSET, length, true);
  return header;
}

/** Returns the same bytes with one bit flipped. */
function flipped(bytes: Uint8Array, place: number, bit = 0): Uint8Array {
  const copy = bytes.slice();
  copy[place] ^= 1 << bit;
  return copy;
}

/** Returns the same message with other bytes as its magic. */
function withMagic(magic: string): Uint8Array {
  return concat([fromHex(magic), VERSION.subarray(MAGIC.length)]);
}

function expectOpened(
  what: string,
  opened: unknown,
  bytes: Uint8Array,
  command: string,
  payload: Uint8Array,
): void {
  const isOpened =
    typeof opened === "object" && opened !== null && "command" in opened && "payload" in opened;
  expectThat(isOpened, `${what}: expected an object with a command and a payload, got ${show(opened)}`);
  const { command: ours, payload: content } = opened as Opened;
  expectThat(
    content instanceof Uint8Array,
    `${what}: expected a Uint8Array for the payload, got ${show(content)}`,
  );
  const [, commandField, , , payloadField] = packetFields(payload.length);
  expectFieldsRead(what, bytes, [
    { field: commandField, actual: ours, expected: command },
    { field: payloadField, actual: beginningOf(content), expected: beginningOf(payload) },
  ]);
  expectBytes(`${what}: the payload`, content, payload, [
    { name: "payload", start: 0, length: payload.length },
  ]);
}

/** Describes a payload by its length and its first bytes. */
function beginningOf(bytes: Uint8Array): string {
  const more = bytes.length > 16 ? " …" : "";
  return `${bytes.length} bytes${bytes.length > 0 ? ": " : ""}${toHex(bytes.subarray(0, 16))}${more}`;
}

/** How much memory a refusal may take, in bytes: Node.js itself takes less than that. */
const MOST_MEMORY = 1_000_000;

/** Expects that a header that announces `claim` bytes is refused before memory is allocated for them. */
async function expectNoMemoryFor(claim: number, answer: Answer): Promise<void> {
  const header = headerClaiming(claim);
  let allocated = 0;
  const watched = () => {
    const before = answerPlace().arrayBufferBytes();
    try {
      return answer(header);
    } finally {
      allocated = answerPlace().arrayBufferBytes() - before;
    }
  };
  const when = `for a length of ${formatCount(claim)}, with no payload after the header (${toHex(header)})`;
  await expectRefused(when, "OVERSIZED", watched, [MAX_PAYLOAD_LENGTH, claim]);
  expectThat(
    allocated < MOST_MEMORY,
    `expected no memory to be allocated ${when}, got ${formatCount(allocated)} bytes: check the length first`,
  );
}

/** Expects that a message is refused after one bit of this byte of its checksum or payload has been flipped. */
async function expectBitNoticed(
  answer: Answer,
  title: string,
  message: Uint8Array,
  place: number,
): Promise<void> {
  const bytes = flipped(message, place, 7);
  const [was, is] = [message, bytes].map((all) => toHex(all.subarray(place, place + 1)));
  const announced = message.subarray(CHECKSUM_OFFSET, HEADER_LENGTH);
  const sums = place < HEADER_LENGTH ? [announced] : [announced, checksum(bytes.subarray(HEADER_LENGTH))];
  const when = `when byte ${place} of the ${title} is ${is} instead of ${was}`;
  await expectRefused(when, "BAD_CHECKSUM", () => answer(bytes), sums);
}

export default defineExercise<Answer>({
  id: "parsePacket",
  notebook: "01-message-envelope",
  title: "Open the envelope",
  points: 4,
  solution: parsePacket,
  source: "wire/packet.ts",
  randomArguments: (random) => [packet(random)],
  hints: [
    "Go through the header from left to right with a `ByteReader`, and check each field as soon as you hold it. When you come to the payload, all that is left to compare is its length and its checksum.",
    "`reader.read(4)` is the magic, `reader.read(12)` goes to your `readCommand`, `reader.readUInt32LE()` is the length, `reader.read(4)` the checksum as announced. `reader.remaining` says how many bytes are left. Two `Uint8Array`s are never `===`; `toHex` makes text of them, which can be. When there are fewer than 24 bytes, the reader throws `MALFORMED` by itself.",
    'It begins so:\n\n```ts\nconst reader = new ByteReader(bytes);\nconst magic = reader.read(4, "magic");\nif (toHex(magic) !== toHex(MAGIC)) {\n  throw new ProtocolError("BAD_MAGIC", `magic: expected ${toHex(MAGIC)}, got ${toHex(magic)}`);\n}\nconst command = readCommand(reader.read(12, "command"));\nconst length = reader.readUInt32LE("length");\n```\n\nThen three more of these `if`s: `length > MAX_PAYLOAD_LENGTH` is `OVERSIZED`; `reader.remaining !== length`, once the announced checksum is read, is `MALFORMED`; and the announced checksum against `checksum(payload)` is `BAD_CHECKSUM`.',
  ],
  checks: [
    {
      name: "Recorded messages of five nodes are opened",
      run(answer) {
        for (const { title, bytes, command, payload } of RECORDED_MESSAGES) {
          expectOpened(title, answer(bytes.slice()), bytes, command, payload);
        }
      },
    },
    {
      name: "A message without a payload is a message",
      run(answer) {
        expectOpened("verack", answer(VERACK.slice()), VERACK, "verack", new Uint8Array(0));
      },
    },
    {
      name: "Another network's magic is refused",
      async run(answer) {
        for (const magic of ["0b110907", "fabfb5da", "d9b4bef9", "f9beb4d8", "f9be00d9", "f900b4d9"]) {
          const refused = () => answer(withMagic(magic));
          await expectRefused(`for the magic ${magic}`, "BAD_MAGIC", refused, [MAGIC, fromHex(magic)]);
        }
      },
    },
    {
      name: "A command that is not ASCII padded with NULs is refused",
      async run(answer) {
        for (const [place, bit, fault] of [
          [15, 0, "whose last byte is not 0"],
          [4, 7, "whose first byte is not ASCII"],
        ] as const) {
          const bytes = flipped(VERSION, place, bit);
          const when = `for the command ${toHex(bytes.subarray(4, 16))}, ${fault}`;
          await expectRefused(when, "BAD_COMMAND", () => answer(bytes));
        }
      },
    },
    {
      name: "A length of up to 4,000,000 is accepted, one more is refused",
      async run(answer) {
        const longest = serializePacket("block", new Uint8Array(MAX_PAYLOAD_LENGTH));
        expectOpened(
          "a payload of 4,000,000 bytes",
          answer(longest),
          longest,
          "block",
          longest.subarray(HEADER_LENGTH),
        );
        const tooLong = concat([
          headerClaiming(MAX_PAYLOAD_LENGTH + 1),
          new Uint8Array(MAX_PAYLOAD_LENGTH + 1),
        ]);
        await expectRefused("for a payload of 4,000,001 bytes", "OVERSIZED", () => answer(tooLong), [
          MAX_PAYLOAD_LENGTH,
          MAX_PAYLOAD_LENGTH + 1,
        ]);
      },
    },
    {
      name: "A length of up to 4 GB is refused before memory is allocated for it",
      async run(answer) {
        for (const claim of [MAX_PAYLOAD_LENGTH + 1, 64_000_000, 0x7fffffff, 0x80000000, 0xffffffff]) {
          await expectNoMemoryFor(claim, answer);
        }
      },
    },
    {
      name: "A length that differs from the number of bytes that follow is refused",
      async run(answer) {
        const { length } = PAYLOAD;
        const announced = [length, VERSION.length];
        const oneLess = VERSION.subarray(0, -1);
        const oneMore = concat([VERSION, Uint8Array.of(0)]);
        const when = `when the ${TITLE}, whose payload has ${length} bytes,`;
        await expectRefused(`${when} lacks its last byte`, "MALFORMED", () => answer(oneLess), [
          announced,
          [length - 1, VERSION.length - 1],
        ]);
        await expectRefused(`${when} has one byte too many`, "MALFORMED", () => answer(oneMore), [
          announced,
          [length + 1, VERSION.length + 1],
        ]);
        const twoMessages = concat([VERSION, VERSION]);
        await expectRefused(`${when} comes twice in a row`, "MALFORMED", () => answer(twoMessages));
      },
    },
    {
      name: "Fewer bytes than a header has are refused",
      async run(answer) {
        for (const length of [0, 3, 10, 18, HEADER_LENGTH - 1]) {
          const bytes = VERSION.subarray(0, length);
          const when =
            length === 0
              ? "for no bytes"
              : `for the first ${length} bytes of a message (${showBytes(bytes)})`;
          await expectRefused(when, "MALFORMED", () => answer(bytes));
        }
      },
    },
    {
      name: "A single wrong bit is noticed, in the payload or in the checksum",
      async run(answer) {
        for (const place of [20, 21, 22, 23, HEADER_LENGTH, 100, VERSION.length - 1]) {
          await expectBitNoticed(answer, TITLE, VERSION, place);
        }
        await expectBitNoticed(answer, "verack, which has no payload,", VERACK, CHECKSUM_OFFSET);
      },
    },
    {
      name: "A message in the middle of other bytes is opened, and not changed",
      run(answer) {
        const view = embedded(VERSION);
        const what = `the ${TITLE}, which is a view: bytes.buffer holds other bytes, too`;
        expectOpened(what, answer(view), VERSION, "version", PAYLOAD);
        expectUntouched(`the ${TITLE}`, view, VERSION);
      },
    },
  ],
  wrongAnswers: wrongPackets,
});
