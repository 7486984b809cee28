import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { librarySource } from "@course/lib/notebook";
import { root } from "../../../scripts/setup/paths";

test("librarySource() returns a file of the library as it is written, in TypeScript", () => {
  const file = path.join(root, "lib/workers/scripts/visit.ts");
  expect(librarySource("workers/scripts/visit.ts")).toBe(readFileSync(file, "utf8").trimEnd());
  expect(librarySource("workers/fibonacci.ts")).toContain("export function fibonacci(n: number): bigint");
  expect(() => librarySource("no-such-file.ts")).toThrow("no-such-file.ts");
});
