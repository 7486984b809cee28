import { expect, test } from "vitest";
import { indented } from "@course/lib/util";

test("indented() puts spaces before each line, and adds to those it has", () => {
  expect(indented("a\n  b\n", 2)).toBe("  a\n    b\n  ");
});

test("indented() continues a line that is too long under its beginning", () => {
  const text = "expected the header\n  of a message of twenty bytes";
  expect(indented(text, 4, 26)).toBe(
    ["    expected the header", "      of a message of", "      twenty bytes"].join("\n"),
  );
});

test("indented() cuts a word that is longer than a line, and loses none of it", () => {
  const hex = "0123456789abcdef".repeat(5);
  const lines = indented(`got ${hex} instead`, 6, 40).split("\n");
  expect(lines.every((line) => line.startsWith("      ") && line.length <= 40)).toBe(true);
  expect(lines.join("").replaceAll(" ", "")).toBe(`got${hex}instead`);
});

test("indented() cuts no character in two, and leaves room in the narrowest terminal", () => {
  const lines = indented("🙂".repeat(50), 8, 1).split("\n");
  expect(lines[0]).toBe(" ".repeat(8) + "🙂".repeat(20));
});
