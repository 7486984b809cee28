/** 02-version-message: a length, and that many bytes of text. */
import { ByteReader, ByteWriter, concat, fromHex, toHex } from "../../wire/bytes";
import { showBytes } from "../../checks/calls";
import { expectEqual, expectThat, show } from "../../checks/expect";
import { bytesOfText, textOfBytes } from "../../wire/text";
import {
  MAX_USER_AGENT_LENGTH,
  readVarInt,
  readVarString,
  writeVarInt,
  writeVarString,
} from "../../wire/var-int";
import { ProtocolError } from "../../wire/errors";
import { embedded, expectRefused, expectTaken, embeddedReader } from "../shared/byte-checks";
import { defineExercise } from "../../checks/exercise";
import { formatCount } from "../../util/numbers";
import { word } from "../shared/random-input";

type Answer = (reader: ByteReader) => string;

/** Returns a text as it is sent: its length, and its bytes. */
function stringBytes(text: string): Uint8Array {
  const writer = new ByteWriter();
  writeVarString(writer, text);
  return writer.toBytes();
}

/** Returns the bytes of a length alone. */
function lengthBytes(length: number): Uint8Array {
  const writer = new ByteWriter();
  writeVarInt(writer, length);
  return writer.toBytes();
}

function expectText(answer: Answer, text: string): void {
  const bytes = stringBytes(text);
  expectEqual(`the string in the bytes ${showBytes(bytes, 40)}`, answer(embeddedReader(bytes)), text);
}

/** A length, and bytes that are not UTF-8 with ASCII on both sides. */
const NOT_UTF8 = fromHex("06 2f ff fe 3a 31 2f");

/** What a program may take for no part of a text: spaces and NULs around it, control characters, a byte order mark. */
const ODD = [" /a/ ", "/a\0b/", "\0/a\0", "/a\x1b\x07b/\n", "\ufeff/a/"];

const LONGEST = `/${"x".repeat(MAX_USER_AGENT_LENGTH - 2)}/`;

const checkedLength = (reader: ByteReader): number => {
  const length = readVarInt(reader);
  if (length <= MAX_USER_AGENT_LENGTH) return length;
  throw new ProtocolError("OVERSIZED", `expected at most ${MAX_USER_AGENT_LENGTH} bytes, got ${length}`);
};

export default defineExercise<Answer>({
  id: "readVarString",
  notebook: "02-version-message",
  title: "Strings",
  points: 1,
  solution: readVarString,
  source: "wire/var-int.ts",
  randomArguments: (random) => [
    new ByteReader(Buffer.from(String.fromCharCode(random.integer(0, 20)) + word(random, 30))),
  ],
  hints: [
    "Your `readVarInt` reads the length. What do you want to know about it before you believe it?",
    "First the length, then the question whether it is over 256, then `reader.read(length)`, then text. `textOfBytes` makes text of UTF-8, and of bytes that are not UTF-8 something that can be turned back into them.",
    'Three lines and an `if`:\n\n```ts\nconst length = readVarInt(reader);\nif (length > 256) {\n  throw new ProtocolError("OVERSIZED", `string: expected at most 256 bytes, got ${length}`);\n}\nreturn textOfBytes(reader.read(length, "string"));\n```',
  ],
  checks: [
    {
      name: "User agents of recorded nodes are read",
      run(answer) {
        for (const text of ["/btcwire:0.5.0/btcd:0.26.2/", "/bcoin:v1.0.2/", "/bitcore:10.10.7/"]) {
          expectText(answer, text);
        }
      },
    },
    {
      name: "An empty string is a string",
      run: (answer) => expectText(answer, ""),
    },
    {
      name: "The length counts bytes, not characters",
      run(answer) {
        expectText(answer, "/K\u00e4se:1.0/");
        expectText(answer, "/\u{1f44b}:2.0/");
        expectText(answer, "\u00e4".repeat(MAX_USER_AGENT_LENGTH / 2));
      },
    },
    {
      name: "256 bytes are allowed, 257 are not",
      async run(answer) {
        expectText(answer, LONGEST);
        const bytes = stringBytes(`${LONGEST}/`);
        const when = `for a string of 257 bytes (${showBytes(bytes, 16)})`;
        await expectRefused(when, "OVERSIZED", () => answer(embeddedReader(bytes)));
      },
    },
    {
      name: "A length that is too large is refused before the string is read",
      async run(answer) {
        for (const length of [257, 65_536, 0xffffffff, Number.MAX_SAFE_INTEGER]) {
          const bytes = lengthBytes(length);
          const when = `for a length of ${formatCount(length)} and no string after it (${toHex(bytes)})`;
          await expectRefused(when, "OVERSIZED", () => answer(new ByteReader(bytes)));
        }
      },
    },
    {
      name: "A string that ends too early is refused",
      async run(answer) {
        const bytes = embedded(concat([lengthBytes(27), Buffer.from("/btcwire")]));
        const when = `for a length of 27 and 8 bytes after it (${toHex(bytes)})`;
        await expectRefused(when, "MALFORMED", () => answer(new ByteReader(bytes)));
      },
    },
    {
      name: "The reader advances by the length and the string, and no further",
      run(answer) {
        for (const text of ["", "/bcoin:v1.0.2/", "/K\u00e4se:1.0/", LONGEST]) {
          const bytes = stringBytes(text);
          const reader = embeddedReader(bytes);
          answer(reader);
          expectTaken(`after the string ${show(text, 40)}`, reader, bytes.length);
        }
      },
    },
    {
      name: "Bytes that are not UTF-8 are no error",
      run(answer) {
        const reader = embeddedReader(NOT_UTF8);
        const text: unknown = answer(reader);
        const isRead = typeof text === "string" && text.startsWith("/") && text.endsWith(":1/");
        expectThat(
          isRead,
          `the string in the bytes ${toHex(NOT_UTF8)}, of which fffe is not UTF-8: expected a text that begins with "/" and ends with ":1/", got ${show(text)}`,
        );
        expectThat(
          toHex(bytesOfText(text)) === toHex(NOT_UTF8.subarray(1)),
          `the string in the bytes ${toHex(NOT_UTF8)}, of which fffe is not UTF-8: expected a text that can be turned back into these bytes, as textOfBytes makes it, got ${show(text)}`,
        );
        expectTaken(`after the bytes ${toHex(NOT_UTF8)}`, reader, NOT_UTF8.length);
      },
    },
    {
      name: "Nothing is taken off a string: no space, no NUL, no byte order mark",
      run(answer) {
        for (const text of ODD) expectText(answer, text);
      },
    },
  ],
  wrongAnswers: [
    {
      name: "counts the length as part of the string",
      caughtBy: "User agents of recorded nodes are read",
      answer(reader) {
        const start = reader.offset;
        const length = checkedLength(reader);
        return textOfBytes(reader.bytes.subarray(start, start + length));
      },
    },
    {
      name: "accepts any length",
      caughtBy: "256 bytes are allowed, 257 are not",
      answer: (reader) => textOfBytes(reader.read(readVarInt(reader))),
    },
    {
      name: "refuses 256",
      caughtBy: "256 bytes are allowed, 257 are not",
      answer: (reader) => readVarString(reader, MAX_USER_AGENT_LENGTH - 1),
    },
    {
      name: "reads the string, then checks its length",
      caughtBy: "A length that is too large is refused before the string is read",
      answer(reader) {
        const bytes = reader.read(readVarInt(reader));
        if (bytes.length <= MAX_USER_AGENT_LENGTH) return textOfBytes(bytes);
        throw new ProtocolError("OVERSIZED", `expected at most 256 bytes, got ${bytes.length}`);
      },
    },
    {
      name: "returns what is there when the string ends too early",
      caughtBy: "A string that ends too early is refused",
      answer: (reader) => textOfBytes(reader.read(Math.min(checkedLength(reader), reader.remaining))),
    },
    {
      name: "reads the length as one byte",
      caughtBy: "256 bytes are allowed, 257 are not",
      answer: (reader) => textOfBytes(reader.read(reader.readUInt8())),
    },
    {
      name: "takes each byte as a character",
      caughtBy: "The length counts bytes, not characters",
      answer: (reader) => Buffer.from(reader.read(checkedLength(reader))).toString("latin1"),
    },
    {
      name: "returns bytes instead of text",
      caughtBy: "User agents of recorded nodes are read",
      answer: (reader) => reader.read(checkedLength(reader)) as unknown as string,
    },
    {
      name: "leaves the reader before the string",
      caughtBy: "The reader advances by the length and the string, and no further",
      answer(reader) {
        const length = checkedLength(reader);
        return textOfBytes(reader.bytes.subarray(reader.offset, reader.offset + length));
      },
    },
    {
      name: "refuses what is not UTF-8",
      caughtBy: "Bytes that are not UTF-8 are no error",
      answer: (reader) =>
        new TextDecoder("utf-8", { fatal: true }).decode(reader.read(checkedLength(reader))),
    },
    {
      name: "drops the bytes that are not UTF-8",
      caughtBy: "Bytes that are not UTF-8 are no error",
      answer: (reader) =>
        Buffer.from(reader.read(checkedLength(reader)))
          .toString()
          .replaceAll("\ufffd", ""),
      message: /expected a text that can be turned back into these bytes, as textOfBytes .*, got "\/:1\/"/,
    },
    {
      name: "takes off spaces",
      caughtBy: "Nothing is taken off a string: no space, no NUL, no byte order mark",
      answer: (reader) => readVarString(reader).trim(),
      message: /the bytes 05202f612f20: expected " \/a\/ ", got "\/a\/"/,
    },
    {
      name: "ends at the first NUL, as a command does",
      caughtBy: "Nothing is taken off a string: no space, no NUL, no byte order mark",
      answer: (reader) => readVarString(reader).split("\0")[0],
    },
    {
      name: "drops control characters",
      caughtBy: "Nothing is taken off a string: no space, no NUL, no byte order mark",
      answer: (reader) => textOfBytes(reader.read(checkedLength(reader)).filter((byte) => byte >= 0x20)),
    },
    {
      name: "lets TextDecoder take off a byte order mark",
      caughtBy: "Nothing is taken off a string: no space, no NUL, no byte order mark",
      answer: (reader) => new TextDecoder().decode(reader.read(checkedLength(reader))),
      message: /the bytes 06efbbbf2f612f: expected "\\u\{feff\}\/a\/", got "\/a\/"/,
    },
  ],
});
