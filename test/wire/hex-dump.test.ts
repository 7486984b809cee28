import { expect, test } from "vitest";
import { concat, fromHex, hexDump, serializePacket } from "@course/lib/wire";
import { recordedChunks, recordingOf } from "@course/lib/recordings";

test("hexDump() has a header in its first line, and the place of each line's first byte", () => {
  const bytes = concat([serializePacket("verack"), Uint8Array.from({ length: 26 }, (_, i) => i)]);
  expect(hexDump(bytes).split("\n")).toEqual([
    "   0  f9 be b4 d9 76 65 72 61 63 6b 00 00 00 00 00 00 00 00 00 00 5d f6 e0 e2",
    "  24  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17",
    "  48  18 19",
  ]);
});

test("hexDump() of nothing is empty, and bytesPerLine divides the bytes", () => {
  expect(hexDump(new Uint8Array(0))).toBe("");
  expect(hexDump(fromHex("010203"), 2)).toBe("   0  01 02\n   2  03");
});

// Lesson one sends its reader to find these in the dump.
test("hexDump() of the recording in lesson one splits neither a magic number nor verack's checksum over lines", () => {
  const text = hexDump(concat(recordedChunks(recordingOf("btcd"))));
  expect(text.split("\n").filter((line) => line.includes("f9 be b4 d9"))).toHaveLength(3);
  expect(text).toContain("5d f6 e0 e2");
});
