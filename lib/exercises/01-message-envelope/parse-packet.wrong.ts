/** What learners plausibly write instead of `parsePacket`. */
import type { WrongAnswer } from "../../checks/exercise";
import { ByteReader, ByteWriter, concat, toHex } from "../../wire/bytes";
import { checksum } from "../../wire/checksum";
import { ProtocolError } from "../../wire/errors";
import {
  CHECKSUM_OFFSET,
  HEADER_LENGTH,
  LENGTH_OFFSET,
  MAGIC,
  MAX_PAYLOAD_LENGTH,
  parsePacket,
  readCommand,
} from "../../wire/packet";

export const wrongPackets: readonly WrongAnswer<typeof parsePacket>[] = [
  {
    name: "never looks at the magic",
    caughtBy: "Another network's magic is refused",
    answer: (bytes) => open(bytes, { magic: () => true }),
  },
  {
    name: "looks at the first byte of the magic only",
    caughtBy: "Another network's magic is refused",
    answer: (bytes) => open(bytes, { magic: (magic) => magic[0] === MAGIC[0] }),
  },
  {
    name: "says that something is wrong, but not what it expected and what it got",
    caughtBy: "Another network's magic is refused",
    answer(bytes) {
      try {
        return parsePacket(bytes);
      } catch (error) {
        if (error instanceof ProtocolError) throw new ProtocolError(error.code, "this message is not right");
        throw error;
      }
    },
    message: /^BAD_MAGIC for the magic 0b110907: expected an error message .* f9beb4d9 is missing in "this/,
  },
  {
    name: "has one code for everything",
    caughtBy: "A single wrong bit is noticed, in the payload or in the checksum",
    answer(bytes) {
      try {
        return parsePacket(bytes);
      } catch (error) {
        throw new ProtocolError("MALFORMED", (error as Error).message);
      }
    },
  },
  {
    name: "removes the NULs of the command without checking it",
    caughtBy: "A command that is not ASCII padded with NULs is refused",
    answer: (bytes) =>
      open(bytes, { command: (field) => Buffer.from(field).toString("latin1").split("\0")[0] }),
  },
  {
    name: "reads the length as big-endian",
    caughtBy: "Recorded messages of five nodes are opened",
    answer: (bytes) => open(bytes, { length: (field) => Buffer.from(field).readUInt32BE() }),
  },
  {
    name: "reads the length as a signed number",
    caughtBy: "A length of up to 4 GB is refused before memory is allocated for it",
    answer: (bytes) => open(bytes, { length: (field) => Buffer.from(field).readInt32LE() }),
  },
  {
    name: "accepts any length",
    caughtBy: "A length of up to 4,000,000 is accepted, one more is refused",
    answer: (bytes) => open(bytes, { most: Infinity }),
  },
  {
    name: "refuses 4,000,000",
    caughtBy: "A length of up to 4,000,000 is accepted, one more is refused",
    answer: (bytes) => open(bytes, { most: MAX_PAYLOAD_LENGTH - 1 }),
  },
  {
    name: "allocates the memory, then looks at the length",
    caughtBy: "A length of up to 4 GB is refused before memory is allocated for it",
    answer(bytes) {
      const length = bytes.length < HEADER_LENGTH ? 0 : Buffer.from(bytes).readUInt32LE(LENGTH_OFFSET);
      const copy = Buffer.alloc(length);
      const { command, payload } = parsePacket(bytes);
      copy.set(payload);
      return { command, payload: copy };
    },
  },
  {
    name: "takes all remaining bytes as the payload, whatever the length says",
    caughtBy: "A length that differs from the number of bytes that follow is refused",
    answer(bytes) {
      const length = new ByteWriter().writeUInt32LE(Math.max(0, bytes.length - HEADER_LENGTH)).toBytes();
      return parsePacket(concat([bytes.subarray(0, LENGTH_OFFSET), length, bytes.subarray(CHECKSUM_OFFSET)]));
    },
  },
  {
    name: "takes as much as the length says, and drops what follows",
    caughtBy: "A length that differs from the number of bytes that follow is refused",
    answer(bytes) {
      if (bytes.length < HEADER_LENGTH) return parsePacket(bytes);
      const length = Buffer.from(bytes).readUInt32LE(LENGTH_OFFSET);
      return parsePacket(bytes.subarray(0, HEADER_LENGTH + length));
    },
  },
  {
    name: "assumes a whole header",
    caughtBy: "Fewer bytes than a header has are refused",
    answer(bytes) {
      new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(LENGTH_OFFSET);
      return parsePacket(bytes);
    },
  },
  {
    name: "compares the checksums as two arrays, with !==",
    caughtBy: "Recorded messages of five nodes are opened",
    answer: (bytes) => open(bytes, { sum: (announced, ours) => announced === ours }),
  },
  {
    name: "never looks at the checksum",
    caughtBy: "A single wrong bit is noticed, in the payload or in the checksum",
    answer: (bytes) => open(bytes, { sum: () => true }),
  },
  {
    name: "compares the first two bytes of the checksum",
    caughtBy: "A single wrong bit is noticed, in the payload or in the checksum",
    answer: (bytes) =>
      open(bytes, { sum: (announced, ours) => announced[0] === ours[0] && announced[1] === ours[1] }),
  },
  {
    name: "compares the first and the last byte of the checksum",
    caughtBy: "A single wrong bit is noticed, in the payload or in the checksum",
    answer: (bytes) =>
      open(bytes, { sum: (announced, ours) => announced[0] === ours[0] && announced[3] === ours[3] }),
    message: /when byte 21 of the version of/,
  },
  {
    name: "takes the checksum of an empty payload for granted",
    caughtBy: "A single wrong bit is noticed, in the payload or in the checksum",
    answer: (bytes) =>
      open(bytes, {
        sum: (announced, ours) => bytes.length === HEADER_LENGTH || toHex(announced) === toHex(ours),
      }),
    message: /when byte 20 of the verack, which has no payload, is dd instead of 5d/,
  },
  {
    name: "looks at three bytes of the magic",
    caughtBy: "Another network's magic is refused",
    answer: (bytes) => open(bytes, { magic: (magic) => [0, 1, 3].every((i) => magic[i] === MAGIC[i]) }),
    message: /for the magic f9be00d9/,
  },
  {
    name: "looks for NULs after the command, but not at its letters",
    caughtBy: "A command that is not ASCII padded with NULs is refused",
    answer: (bytes) => open(bytes, { command: anyLetters }),
    message: /for the command f6657273696f6e0000000000, whose first byte is not ASCII/,
  },
  {
    name: "refuses an empty payload",
    caughtBy: "A message without a payload is a message",
    answer(bytes) {
      const opened = parsePacket(bytes);
      if (opened.payload.length === 0) throw new ProtocolError("MALFORMED", "expected a payload, got none");
      return opened;
    },
  },
  {
    name: "returns the whole message as the payload",
    caughtBy: "Recorded messages of five nodes are opened",
    answer: (bytes) => ({ ...parsePacket(bytes), payload: bytes }),
  },
  {
    name: "reads from the beginning of the buffer",
    caughtBy: "A message in the middle of other bytes is opened, and not changed",
    answer: (bytes) => parsePacket(new Uint8Array(bytes.buffer, 0, bytes.length)),
  },
];

/** Reads a command with whatever letters, and NULs after it. */
function anyLetters(field: Uint8Array): string {
  const [, command] = /^([^\0]*)\0*$/.exec(Buffer.from(field).toString("latin1")) ?? [];
  if (command !== undefined) return command;
  throw new ProtocolError("BAD_COMMAND", `expected NULs after the name, got ${toHex(field)}`);
}

/** The steps of opening a message. A wrong answer replaces one or more of them. */
interface Steps {
  magic: (magic: Uint8Array) => boolean;
  command: (field: Uint8Array) => string;
  length: (field: Uint8Array) => number;
  most: number;
  sum: (announced: Uint8Array, ours: Uint8Array) => boolean;
}

const RIGHT: Steps = {
  magic: (magic) => toHex(magic) === toHex(MAGIC),
  command: readCommand,
  length: (field) => Buffer.from(field).readUInt32LE(),
  most: MAX_PAYLOAD_LENGTH,
  sum: (announced, ours) => toHex(announced) === toHex(ours),
};

function open(bytes: Uint8Array, wrong: Partial<Steps>): ReturnType<typeof parsePacket> {
  const steps: Steps = { ...RIGHT, ...wrong };
  const reader = new ByteReader(bytes);
  const refuse = (code: ProtocolError["code"], expected: unknown, got: unknown) => {
    throw new ProtocolError(code, `expected ${String(expected)}, got ${String(got)}`);
  };
  const magic = reader.read(4);
  if (!steps.magic(magic)) refuse("BAD_MAGIC", toHex(MAGIC), toHex(magic));
  const command = steps.command(reader.read(12));
  const length = steps.length(reader.read(4));
  if (length > steps.most) refuse("OVERSIZED", steps.most, length);
  const announced = reader.read(4);
  if (reader.remaining !== length) refuse("MALFORMED", length, reader.remaining);
  const payload = reader.read(reader.remaining);
  const ours = checksum(payload);
  if (!steps.sum(announced, ours)) refuse("BAD_CHECKSUM", toHex(announced), toHex(ours));
  return { command, payload };
}
