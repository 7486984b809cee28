/** 01-message-envelope: the command of a message, and the NULs after it. */
import { toHex } from "../../wire/bytes";
import { expectEqual } from "../../checks/expect";
import { COMMAND_LENGTH, COMMAND_OFFSET, LENGTH_OFFSET, readCommand } from "../../wire/packet";
import { ProtocolError } from "../../wire/errors";
import { embedded, expectRefused, expectUntouched } from "../shared/byte-checks";
import { defineExercise } from "../../checks/exercise";
import { RECORDED_MESSAGES } from "../shared/recorded-messages";
import { commandField } from "../shared/random-input";

type Answer = typeof readCommand;

/** Returns twelve bytes: this text, one byte per character, and then NULs. */
function field(text: string): Uint8Array {
  const bytes = new Uint8Array(COMMAND_LENGTH);
  bytes.set(Buffer.from(text, "latin1"));
  return bytes;
}

function expectCommand(answer: Answer, bytes: Uint8Array, expected: string): void {
  expectEqual(`the command in ${toHex(bytes)}`, answer(bytes), expected);
}

async function expectBadCommands(answer: Answer, fields: readonly Uint8Array[]): Promise<void> {
  for (const bytes of fields) {
    await expectRefused(`for ${toHex(bytes)}`, "BAD_COMMAND", () => answer(bytes));
  }
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const refusal = (bytes: Uint8Array) =>
  new ProtocolError("BAD_COMMAND", `command: expected ASCII and NULs, got ${toHex(bytes)}`);

export default defineExercise<Answer>({
  id: "readCommand",
  notebook: "01-message-envelope",
  title: "The name of a message",
  points: 2,
  solution: readCommand,
  source: "wire/packet.ts",
  randomArguments: (random) => [commandField(random)],
  hints: [
    "Where does the name end? Find that place first, and do not count on there being one: `getcfcheckpt` has twelve letters.",
    "`field.indexOf(0)` is the place of the first NUL, or -1. `subarray` gives the bytes before it and from it on. The ones before become text, each of them checked to be ASCII; the ones after have to be 0, every one.",
    "Two parts, then two questions:\n\n```ts\nconst end = field.indexOf(0);\nconst name = end === -1 ? field : field.subarray(0, end);\nconst padding = field.subarray(name.length);\n```\n\n`padding.some((byte) => byte !== 0)` and `name.some((byte) => byte > 0x7e)` must both be false, or it is a `BAD_COMMAND`; `toHex(field)` shows what came. `String.fromCharCode(...name)` is the text.",
  ],
  checks: [
    {
      name: "The commands of recorded messages are read",
      run(answer) {
        for (const { bytes, command } of RECORDED_MESSAGES) {
          expectCommand(answer, bytes.subarray(COMMAND_OFFSET, LENGTH_OFFSET), command);
        }
      },
    },
    {
      name: "A command of twelve characters has no NUL after it",
      run(answer) {
        expectCommand(answer, field("getcfcheckpt"), "getcfcheckpt");
        expectCommand(answer, field("sendheaders2"), "sendheaders2");
      },
    },
    {
      name: "Anything but NULs after the first NUL is an error",
      run: (answer) =>
        expectBadCommands(answer, [
          field("version\0\0\0\0!"),
          field("ping\0pong"),
          field("verack\0\0\0\0\0\x01"),
          field("\0version"),
        ]),
    },
    {
      name: "A character outside of ASCII is an error",
      run: (answer) =>
        expectBadCommands(answer, [field("versi\u00f6n"), field("ping\u0080"), field("\u00ff")]),
    },
    {
      name: "A field in the middle of other bytes is read, and not changed",
      run(answer) {
        const bytes = embedded(field("wtxidrelay"));
        expectCommand(answer, bytes, "wtxidrelay");
        expectUntouched("the field wtxidrelay", bytes, field("wtxidrelay"));
      },
    },
  ],
  wrongAnswers: [
    {
      name: "keeps the NULs",
      caughtBy: "The commands of recorded messages are read",
      answer: latin1,
    },
    {
      name: "knows only version",
      caughtBy: "The commands of recorded messages are read",
      answer: (bytes) => latin1(bytes.subarray(0, 7)),
    },
    {
      name: "assumes a NUL at the end",
      caughtBy: "A command of twelve characters has no NUL after it",
      answer(bytes) {
        const end = bytes.indexOf(0);
        if (bytes.subarray(end).some((byte) => byte !== 0)) throw refusal(bytes);
        return readCommand(bytes).slice(0, end);
      },
    },
    {
      name: "stops at the first NUL and ignores what follows",
      caughtBy: "Anything but NULs after the first NUL is an error",
      answer(bytes) {
        const [name] = latin1(bytes).split("\0");
        if (/[^\x20-\x7e]/.test(name)) throw refusal(bytes);
        return name;
      },
    },
    {
      name: "removes NULs from both ends",
      caughtBy: "Anything but NULs after the first NUL is an error",
      answer(bytes) {
        const name = latin1(bytes).replaceAll("\0", " ").trim();
        if (/[^\x21-\x7e]/.test(name)) throw refusal(bytes);
        return name;
      },
    },
    {
      name: "removes all NULs, wherever they are",
      caughtBy: "Anything but NULs after the first NUL is an error",
      answer(bytes) {
        const name = latin1(bytes).replaceAll("\0", "");
        if (/[^\x20-\x7e]/.test(name)) throw refusal(bytes);
        return name;
      },
    },
    {
      name: "accepts any character",
      caughtBy: "A character outside of ASCII is an error",
      answer(bytes) {
        const end = latin1(bytes).replace(/\0+$/, "");
        if (end.includes("\0")) throw refusal(bytes);
        return end;
      },
    },
    {
      name: "reads as ASCII, which silently turns other characters into ASCII",
      caughtBy: "A character outside of ASCII is an error",
      answer: (bytes) => readCommand(bytes.map((byte) => byte & 0x7f)),
    },
    {
      name: "throws an error without the code",
      caughtBy: "Anything but NULs after the first NUL is an error",
      answer(bytes) {
        try {
          return readCommand(bytes);
        } catch {
          throw new Error("bad command");
        }
      },
    },
    {
      name: "reads from the beginning of the buffer",
      caughtBy: "A field in the middle of other bytes is read, and not changed",
      answer: (bytes) => readCommand(new Uint8Array(bytes.buffer, 0, COMMAND_LENGTH)),
    },
  ],
});
