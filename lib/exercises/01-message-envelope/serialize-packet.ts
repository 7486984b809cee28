/** 01-message-envelope: from a command and a payload to the bytes of a message. */
import { ByteWriter, concat, fromHex, toHex } from "../../wire/bytes";
import { checksum } from "../../wire/checksum";
import { showBytes, unwatched } from "../../checks/calls";
import { expectBytes, packetFields } from "../../checks/expect-bytes";
import { expectError, expectThat, show } from "../../checks/expect";
import { COMMAND_LENGTH, HEADER_LENGTH, MAGIC, serializePacket } from "../../wire/packet";
import { answerPlace } from "../../checks/place/answer-place";
import { embedded, expectUntouched } from "../shared/byte-checks";
import { defineExercise } from "../../checks/exercise";
import { RECORDED_MESSAGES } from "../shared/recorded-messages";
import { formatCount } from "../../util/numbers";
import { word } from "../shared/random-input";

type Answer = (command: string, payload: Uint8Array) => Uint8Array;

const EMPTY = new Uint8Array(0);
const NONCE = fromHex("0123456789abcdef");

function expectMessage(
  what: string,
  answer: Answer,
  command: string,
  payload: Uint8Array,
  expected: Uint8Array,
): void {
  const bytes: unknown = answer(command, payload);
  expectThat(
    bytes instanceof Uint8Array,
    `${what}: expected a Uint8Array of ${expected.length} bytes, got ${show(bytes)}`,
  );
  expectBytes(what, bytes, expected, packetFields(payload.length));
}

/** Expects that the bytes of a `ping` are still its own after a `verack` has been made. */
function expectKept(answer: Answer): void {
  const verack = serializePacket("verack", EMPTY);
  expectMessage('serializePacket("verack", no bytes)', answer, "verack", EMPTY, verack);
  const calls = [
    ["ping", NONCE],
    ["verack", EMPTY],
  ];
  const [ping] = answerPlace().resultsAfterAll(unwatched(answer), calls) as Uint8Array[];
  const call = `serializePacket("ping", 8 bytes: ${showBytes(NONCE)})`;
  const what = `${call}, looked at after the next call: each message needs bytes of its own`;
  expectBytes(what, ping, serializePacket("ping", NONCE), packetFields(NONCE.length));
}

/** Expects an error for these commands, of any class: they are a mistake of the caller, not of a peer. */
async function expectRefusedCommands(answer: Answer, commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    await expectError(`for the command ${show(command)}`, () => answer(command, EMPTY));
  }
}

export default defineExercise<Answer>({
  id: "serializePacket",
  notebook: "01-message-envelope",
  title: "Close the envelope",
  points: 3,
  solution: serializePacket,
  source: "wire/packet.ts",
  randomArguments: (random) => [word(random, 13), random.bytes(random.integer(0, 200))],
  hints: [
    "Five pieces, one after the other, in the order of the picture. Four of them you have: magic, length, checksum, payload. Make the command's twelve bytes first.",
    '`new Uint8Array(12)` is twelve NULs; `set` puts bytes over its beginning, and `Buffer.from(command, "ascii")` makes bytes of text. Look at the command before: `/^[\\x20-\\x7e]{0,12}$/` matches what fits. A `ByteWriter` collects the pieces.',
    'With `field` for the twelve bytes of the command:\n\n```ts\nreturn new ByteWriter()\n  .write(MAGIC)\n  .write(field)\n  .writeUInt32LE(payload.length)\n  .write(checksum(payload))\n  .write(payload)\n  .toBytes();\n```\n\nBefore it: `if (!/^[\\x20-\\x7e]{0,12}$/.test(command)) throw new RangeError(…)`, then `const field = new Uint8Array(12)` and `field.set(Buffer.from(command, "ascii"))`.',
  ],
  checks: [
    {
      name: "A message without a payload is 24 bytes",
      run(answer) {
        const verack = fromHex("f9beb4d9 76657261636b000000000000 00000000 5df6e0e2");
        expectMessage('serializePacket("verack", no bytes)', answer, "verack", EMPTY, verack);
      },
    },
    {
      name: "Recorded messages are written as they were sent, byte for byte",
      run(answer) {
        for (const { title, command, payload, bytes } of RECORDED_MESSAGES) {
          expectMessage(title, answer, command, payload.slice(), bytes);
        }
      },
    },
    {
      name: "Long payloads keep their length",
      run(answer) {
        for (const length of [255, 256, 70_000]) {
          const payload = new Uint8Array(length).fill(7);
          const what = `a block of ${formatCount(length)} bytes`;
          expectMessage(what, answer, "block", payload, serializePacket("block", payload));
        }
      },
    },
    {
      name: "A command may have twelve characters",
      run: (answer) =>
        expectMessage(
          'serializePacket("getcfcheckpt", no bytes)',
          answer,
          "getcfcheckpt",
          EMPTY,
          serializePacket("getcfcheckpt", EMPTY),
        ),
    },
    {
      name: "A command of more than twelve characters is an error",
      run: (answer) => expectRefusedCommands(answer, ["getcfcheckpts", "a-very-long-command"]),
    },
    {
      name: "A command that is not ASCII is an error",
      run: (answer) => expectRefusedCommands(answer, ["versi\u00f6n", "ping\u{1f44b}", "\u0440ing"]),
    },
    {
      name: "A payload in the middle of other bytes is read, and not changed",
      run(answer) {
        const { title, command, payload, bytes } = RECORDED_MESSAGES[0];
        const view = embedded(payload);
        const what = `${title}, whose payload is a view: payload.buffer holds other bytes, too`;
        expectMessage(what, answer, command, view, bytes);
        expectUntouched(`the payload of the ${title}`, view, payload);
      },
    },
    { name: "A message stays as it is when the next one is made", run: expectKept },
  ],
  wrongAnswers: [
    {
      name: "writes every message into the same bytes",
      caughtBy: "A message stays as it is when the next one is made",
      answer: (() => {
        const output = new Uint8Array(100_000);
        return (command, payload) => {
          const message = serializePacket(command, payload);
          output.set(message);
          return output.subarray(0, message.length);
        };
      })(),
      message:
        /each message needs bytes of its own:\nbytes 4 to 15, command: expected 70696e67\S+, got 76657261/,
    },
    {
      name: "pads the command with spaces",
      caughtBy: "A message without a payload is 24 bytes",
      answer: (command, payload) => close(command, payload, { field: ascii(command.padEnd(12)) }),
    },
    {
      name: "writes the command as it is, without NULs",
      caughtBy: "A message without a payload is 24 bytes",
      answer: (command, payload) => close(command, payload, { field: ascii(command) }),
    },
    {
      name: "leaves the checksum at zero",
      caughtBy: "A message without a payload is 24 bytes",
      answer: (command, payload) => close(command, payload, { sum: new Uint8Array(4) }),
    },
    {
      name: "takes the checksum of header and payload",
      caughtBy: "A message without a payload is 24 bytes",
      answer: (command, payload) =>
        close(command, payload, { sum: checksum(serializePacket(command, payload)) }),
    },
    {
      name: "includes the header in the length",
      caughtBy: "A message without a payload is 24 bytes",
      answer: (command, payload) => close(command, payload, { length: payload.length + HEADER_LENGTH }),
    },
    {
      name: "writes the length as big-endian",
      caughtBy: "Recorded messages are written as they were sent, byte for byte",
      answer: (command, payload) =>
        close(command, payload, { length: Buffer.from(uint32(payload.length)).readUInt32BE() }),
    },
    {
      name: "writes the length into one byte",
      caughtBy: "Long payloads keep their length",
      answer: (command, payload) => close(command, payload, { length: payload.length & 0xff }),
    },
    {
      name: "returns the header only",
      caughtBy: "Recorded messages are written as they were sent, byte for byte",
      answer: (command, payload) => serializePacket(command, payload).subarray(0, HEADER_LENGTH),
    },
    {
      name: "returns hexadecimal text",
      caughtBy: "A message without a payload is 24 bytes",
      answer: (command, payload) => toHex(serializePacket(command, payload)) as unknown as Uint8Array,
    },
    {
      name: "reserves the twelfth byte for a NUL",
      caughtBy: "A command may have twelve characters",
      answer: (command, payload) => serializePacket(command.slice(0, COMMAND_LENGTH - 1), payload),
    },
    {
      name: "cuts a command that is too long",
      caughtBy: "A command of more than twelve characters is an error",
      answer: (command, payload) => serializePacket(command.slice(0, COMMAND_LENGTH), payload),
    },
    {
      name: "writes a command that is too long whole, which moves the other fields",
      caughtBy: "A command of more than twelve characters is an error",
      answer: (command, payload) => close(command, payload, { field: ascii(command.padEnd(12, "\0")) }),
    },
    {
      name: "writes other characters as UTF-8",
      caughtBy: "A command that is not ASCII is an error",
      answer(command, payload) {
        const field = Buffer.alloc(COMMAND_LENGTH);
        field.set(Buffer.from(command, "utf8"));
        return close(command, payload, { field });
      },
    },
    {
      name: "writes all of the buffer that the payload is a view into",
      caughtBy: "A payload in the middle of other bytes is read, and not changed",
      answer: (command, payload) => serializePacket(command, new Uint8Array(payload.buffer)),
    },
  ],
});

const ascii = (text: string): Uint8Array => Buffer.from(text, "latin1");
const uint32 = (value: number): Uint8Array => new ByteWriter().writeUInt32LE(value).toBytes();

/** The parts of a message that a wrong answer writes differently. */
interface Parts {
  field: Uint8Array;
  length: number;
  sum: Uint8Array;
}

function close(command: string, payload: Uint8Array, wrong: Partial<Parts>): Uint8Array {
  const field = wrong.field ?? ascii(command.padEnd(COMMAND_LENGTH, "\0"));
  const length = uint32(wrong.length ?? payload.length);
  return concat([MAGIC, field, length, wrong.sum ?? checksum(payload), payload]);
}
