import { bytesOfText, escapeInvalidBytes, printable, textOfBytes } from "@course/lib/wire";
import fc from "fast-check";
import { expect, test } from "vitest";

test.each([
  ["/Satoshi:27.1.0/", "/Satoshi:27.1.0/"],
  ["", ""],
  ["a\0b", "a\0b"],
  ["👩‍💻", "👩‍💻"],
  ["\udc80", "\\x80"],
  ["/\udcff\udcc3/", "/\\xff\\xc3/"],
  ["\ud83d", "\ufffd"],
  ["\udc00a\udd00", "\ufffda\ufffd"],
])("escapeInvalidBytes(%j) is %j", (text, shown) => {
  expect(escapeInvalidBytes(text)).toBe(shown);
});

test.each([
  ["/Satoshi:27.1.0(é👩)/", "/Satoshi:27.1.0(é👩)/"],
  ["\u001b[2Jgone\r\n", "\\x1b[2Jgone\\x0d\\x0a"],
  ["a\0\u009b", "a\\x00\\x9b"],
  ["\u202eabc\u2028", "\\u{202e}abc\\u{2028}"],
  ["\udcff", "\\xff"],
])("printable(%j) is %j", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("escapeInvalidBytes() makes any bytes well-formed text, and leaves UTF-8 unchanged", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const shown = escapeInvalidBytes(textOfBytes(bytes));
      expect(Buffer.from(shown, "utf8").toString("utf8")).toBe(shown);
    }),
  );
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => escapeInvalidBytes(text) === text));
});

test("bytesOfText() returns the bytes that textOfBytes() read, for any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => Buffer.from(bytesOfText(textOfBytes(bytes))).equals(bytes)),
  );
});
