import { expect, test } from "vitest";
import { runChecks } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { ProtocolError } from "@course/lib/wire";
import { testLesson } from "./contract";

testLesson("02-version-message");

/** Throws what `read` throws, with the same code and no word of what was expected. */
function inOtherWords<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ProtocolError((error as ProtocolError).code, "no, thank you");
  }
}

test("in lesson two the code of an error counts, and not its words", async () => {
  const { readVarInt, readVarString, parseVersionMessage } = exercises;
  const verdicts = await Promise.all([
    runChecks(readVarInt, (reader: Parameters<typeof readVarInt.solution>[0]) =>
      inOtherWords(() => readVarInt.solution(reader)),
    ),
    runChecks(readVarString, (reader: Parameters<typeof readVarString.solution>[0]) =>
      inOtherWords(() => readVarString.solution(reader)),
    ),
    runChecks(parseVersionMessage, (payload: Uint8Array) =>
      inOtherWords(() => parseVersionMessage.solution(payload)),
    ),
  ]);
  expect(verdicts.map(({ status }) => status)).toEqual(["solved", "solved", "solved"]);
});
