/** 02-version-message: the integer that takes one, three, five or nine bytes. */
import { ByteReader, fromHex } from "../../wire/bytes";
import { expectEqual } from "../../checks/expect";
import { readVarInt } from "../../wire/var-int";
import { ProtocolError } from "../../wire/errors";
import { embedded, expectRefused, expectTaken, embeddedReader } from "../shared/byte-checks";
import { defineExercise } from "../../checks/exercise";
import { varIntBytes } from "../shared/random-input";

type Answer = typeof readVarInt;
type Row = readonly [hex: string, value: number];

const ONE_BYTE: readonly Row[] = [
  ["00", 0],
  ["01", 1],
  ["1b", 27],
  ["fc", 252],
];

const THREE_BYTES: readonly Row[] = [
  ["fdfd00", 253],
  ["fdff00", 255],
  ["fd0001", 256],
  ["fd0302", 515],
  ["fdffff", 65_535],
];

const FIVE_BYTES: readonly Row[] = [
  ["fe00000100", 65_536],
  ["fe04030201", 0x01020304],
  ["feffffffff", 0xffffffff],
];

const NINE_BYTES: readonly Row[] = [
  ["ff0000000001000000", 2 ** 32],
  ["ff0807060504030200", 0x02030405060708],
  ["ffffffffffffff1f00", Number.MAX_SAFE_INTEGER],
];

const TOO_LARGE = ["ff0000000000002000", "ff0100000000002000", "ff0000000000000001", "ffffffffffffffffff"];
const NOT_SHORTEST = ["fd0000", "fd0100", "fdfc00", "fe00000000", "feffff0000", "ffffffffff00000000"];
const CUT_SHORT = ["", "fd", "fd01", "fe000001", "ff00000000000000"];

function readsAll(rows: readonly Row[]): (answer: Answer) => void {
  return (answer) => {
    for (const [hex, value] of rows) {
      expectEqual(`the number in the bytes ${hex}`, answer(readerOf(hex)), value);
    }
  };
}

function readerOf(hex: string): ByteReader {
  return embeddedReader(fromHex(hex));
}

const skip = (reader: ByteReader, length: number) => reader.read(length);

export default defineExercise<Answer>({
  id: "readVarInt",
  notebook: "02-version-message",
  title: "Numbers of different lengths",
  points: 2,
  solution: readVarInt,
  source: "wire/var-int.ts",
  randomArguments: (random) => [new ByteReader(varIntBytes(random))],
  hints: [
    "One byte decides how many more there are. Read it, and look at the table from its top to its bottom.",
    "`reader.readUInt8()` first; below 253 (`0xfd`) it is the number. Otherwise `readUInt16LE`, `readUInt32LE` or `readBigUInt64LE`. What has been written in three bytes must not be below 253, in five not below 65,536, in nine not below 4,294,967,296. Compare the `bigint` with `BigInt(Number.MAX_SAFE_INTEGER)` before you make a number of it.",
    'A small function keeps the three cases short:\n\n```ts\nfunction shortest(value: number, least: number): number {\n  if (value < least) throw new ProtocolError("MALFORMED", `expected the shortest form, got ${value} in more bytes than it needs`);\n  return value;\n}\n```\n\nThen `if (first === 0xfd) return shortest(reader.readUInt16LE(), 0xfd);`, and for `0xfe` the same with `readUInt32LE()` and `0x10000`. The last case is a `bigint`: is it over `BigInt(Number.MAX_SAFE_INTEGER)`, throw `OVERSIZED`; if not, `shortest(Number(value), 0x100000000)`.',
  ],
  checks: [
    { name: "Up to 252, the number is the byte itself", run: readsAll(ONE_BYTE) },
    { name: "fd is followed by two bytes", run: readsAll(THREE_BYTES) },
    { name: "fe is followed by four", run: readsAll(FIVE_BYTES) },
    { name: "ff is followed by eight, up to 2^53 - 1", run: readsAll(NINE_BYTES) },
    {
      name: "Numbers from 2^53 are refused",
      async run(answer) {
        for (const hex of TOO_LARGE) {
          await expectRefused(`for the bytes ${hex}`, "OVERSIZED", () => answer(readerOf(hex)));
        }
      },
    },
    {
      name: "A number in more bytes than it needs is refused",
      async run(answer) {
        for (const hex of NOT_SHORTEST) {
          await expectRefused(`for the bytes ${hex}`, "MALFORMED", () => answer(readerOf(hex)));
        }
      },
    },
    {
      name: "The reader advances by as many bytes as the number has",
      run(answer) {
        for (const [hex] of [...ONE_BYTE, ...THREE_BYTES, ...FIVE_BYTES, ...NINE_BYTES]) {
          const reader = readerOf(hex);
          answer(reader);
          expectTaken(`after the bytes ${hex}`, reader, hex.length / 2);
        }
      },
    },
    {
      name: "Bytes that end too early are refused",
      async run(answer) {
        for (const hex of CUT_SHORT) {
          const bytes = `the bytes "${hex}" and nothing after them`;
          await expectRefused(`for ${bytes}`, "MALFORMED", () =>
            answer(new ByteReader(embedded(fromHex(hex)))),
          );
        }
      },
    },
  ],
  wrongAnswers: [
    {
      name: "takes the first byte as the number, whatever it is",
      caughtBy: "fd is followed by two bytes",
      answer: (reader) => reader.readUInt8(),
    },
    {
      name: "takes fd as the number 253",
      caughtBy: "fd is followed by two bytes",
      answer(reader) {
        if (reader.bytes[reader.offset] !== 0xfd) return readVarInt(reader);
        return reader.readUInt8();
      },
    },
    {
      name: "reads eight bytes after every first byte that is not the number itself",
      caughtBy: "fd is followed by two bytes",
      answer(reader) {
        const first = reader.readUInt8();
        return first < 0xfd ? first : Number(reader.readBigUInt64LE());
      },
      message:
        /field: expected 8 bytes from byte 12 on, got 7\ntried with readVarInt\(a reader at byte 11 of 19, before fdfd00a5a5a5a5a5\)/,
    },
    {
      name: "reads as big-endian",
      caughtBy: "fd is followed by two bytes",
      answer(reader) {
        if (reader.bytes[reader.offset] !== 0xfd) return readVarInt(reader);
        skip(reader, 1);
        return reader.readUInt16BE();
      },
    },
    {
      name: "reads four bytes as a signed number",
      caughtBy: "fe is followed by four",
      answer: (reader) =>
        reader.bytes[reader.offset] === 0xfe ? readVarInt(reader) | 0 : readVarInt(reader),
    },
    {
      name: "returns a bigint for the long ones",
      caughtBy: "ff is followed by eight, up to 2^53 - 1",
      answer(reader) {
        const isLong = reader.bytes[reader.offset] === 0xff;
        const value = readVarInt(reader);
        return isLong ? (BigInt(value) as unknown as number) : value;
      },
    },
    {
      name: "reads four of the eight bytes",
      caughtBy: "ff is followed by eight, up to 2^53 - 1",
      answer(reader) {
        if (reader.bytes[reader.offset] !== 0xff) return readVarInt(reader);
        skip(reader, 1);
        const value = reader.readUInt32LE();
        skip(reader, 4);
        return value;
      },
    },
    {
      name: "turns the long ones into an inexact number",
      caughtBy: "Numbers from 2^53 are refused",
      answer(reader) {
        if (reader.bytes[reader.offset] !== 0xff) return readVarInt(reader);
        skip(reader, 1);
        const value = Number(reader.readBigUInt64LE());
        if (value < 2 ** 32)
          throw new ProtocolError("MALFORMED", "expected the shortest form, got a longer one");
        return value;
      },
    },
    {
      name: "compares with 2^53 when the number is no longer exact",
      caughtBy: "Numbers from 2^53 are refused",
      answer(reader) {
        if (reader.bytes[reader.offset] !== 0xff) return readVarInt(reader);
        skip(reader, 1);
        const value = Number(reader.readBigUInt64LE());
        if (value > 2 ** 53) throw new ProtocolError("OVERSIZED", `expected at most 2^53, got ${value}`);
        return value;
      },
    },
    {
      name: "accepts any form",
      caughtBy: "A number in more bytes than it needs is refused",
      answer: anyForm,
    },
    {
      name: "refuses long forms of what fits into one byte, and no others",
      caughtBy: "A number in more bytes than it needs is refused",
      answer(reader) {
        const start = reader.offset;
        const value = anyForm(reader);
        if (reader.offset - start > 1 && value < 0xfd) throw new ProtocolError("MALFORMED", `got ${value}`);
        return value;
      },
    },
    {
      name: "reads without advancing the reader",
      caughtBy: "The reader advances by as many bytes as the number has",
      answer(reader) {
        const start = reader.offset;
        const value = readVarInt(reader);
        reader.offset = start;
        return value;
      },
    },
    {
      name: "begins at byte 0, wherever the reader is",
      caughtBy: "Up to 252, the number is the byte itself",
      answer(reader) {
        reader.offset = 0;
        return readVarInt(reader);
      },
    },
    {
      name: "reads past the end with DataView",
      caughtBy: "Bytes that end too early are refused",
      answer(reader) {
        const { bytes, offset } = reader;
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        if (view.getUint8(offset) === 0xfd) view.getUint16(offset + 1, true);
        return readVarInt(reader);
      },
    },
  ],
});

/** Reads a number in any form, the shortest or not. */
function anyForm(reader: ByteReader): number {
  const first = reader.readUInt8();
  if (first === 0xfd) return reader.readUInt16LE();
  if (first === 0xfe) return reader.readUInt32LE();
  if (first < 0xfd) return first;
  const value = reader.readBigUInt64LE();
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw new ProtocolError("OVERSIZED", `expected at most 2^53 - 1, got ${value}`);
}
