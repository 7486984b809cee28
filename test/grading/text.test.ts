import { safeText } from "@course/lib/grading";
import { expect, test } from "vitest";

test.each([
  ["colours", "\u001b[31mred\u001b[0m", "red"],
  ["tabs, and newlines of all kinds", "a\tb\r\nc\rd\ne", "a  b\nc\nd\ne"],
  ["control characters", "a\0\u0007b", "a\\x00\\x07b"],
  // Issue 11: some of these were kept.
  [
    "marks of direction, and characters that are not seen",
    "\u061c\u202ea\u200b",
    "\\u{61c}\\u{202e}a\\u{200b}",
  ],
])("safeText() makes %s safe to show", (_, text, shown) => {
  expect(safeText(text)).toBe(shown);
});

test("safeText() keeps the first lines and characters, and says that there is more", () => {
  expect(safeText("a\n".repeat(100))).toBe(`${Array(16).fill("a").join("\n")} …`);
  expect(safeText("x".repeat(5000))).toBe(`${"x".repeat(1200)} …`);
});
