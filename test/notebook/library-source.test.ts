import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { librarySource } from "@course/lib";

test("a file of the library is shown as it is written, in TypeScript", () => {
  const file = new URL("../../lib/workers/visitor.ts", import.meta.url);
  expect(librarySource("workers/visitor.ts")).toBe(readFileSync(file, "utf8").trimEnd());
  expect(librarySource("fibonacci.ts")).toContain("export function fibonacci(n: number): bigint");
  expect(() => librarySource("no-such-file.ts")).toThrow("no-such-file.ts");
});
