/**
 * The sources of the reference solutions, as text.
 *
 * test/grading/solutions.test.ts runs each as a cell, after its lesson's setup, and checks that it solves its exercise.
 */
import { expect, test } from "vitest";
import { solutionSource } from "@course/lib/notebook";

test("solutionSource() has the function's docblock, no export, and nothing else of its file", () => {
  expect(solutionSource("greeting")).toBe(
    [
      "/** Returns a greeting for a node, by the user agent it sends. */",
      "function greeting(userAgent: string): string {",
      '  const name = userAgent.replace(/^\\/|\\/$/g, "");',
      '  return `Hello, ${name || "stranger"}!`;',
      "}",
    ].join("\n"),
  );
});

test("solutionSource() includes the helper functions of the same file", () => {
  expect(solutionSource("progressLine")).toMatch(
    /^\/\*\*[^]*function progressLine[^]*\nfunction timeLeft\(/m,
  );
});

test("solutionSource() neither includes nor imports other exercises", () => {
  expect(solutionSource("getNodes")).not.toContain("function getBitnodesApiResponse");
  expect(solutionSource("getNodes")).not.toContain("import");
});

test("solutionSource() has a class, and the helpers, types and constants that a cell cannot import", () => {
  const source = solutionSource("Frontier");
  expect(source).toMatch(/^class Frontier implements AddressFrontier {$/m);
  expect(source).toMatch(/^interface AddressFrontier {$/m);
  expect(source).toMatch(/^function nodeKey\(/m);
  expect(source).toMatch(/^const MIN_CUT = /m);
  expect(source).not.toContain("export");
});

test("solutionSource() imports what a cell can import, except what its lesson's setup imports", () => {
  const source = solutionSource("getAddresses");
  expect(source).toMatch(/import {[^}]*\breadWantedAddresses\b[^}]*} from "@course\/lib";/);
  expect(source).not.toMatch(/import {[^}]*\bOUR_VERSION\b/);
  expect(source).not.toContain("function readWantedAddresses");
  expect(source).toMatch(/^class AddressAnswer {$/m);
});
