import { expect, test } from "vitest";
import { runChecks, showBytes, triedWith } from "@course/lib/checks";
import { ByteReader, fromHex } from "@course/lib/wire";
import { exercises } from "@course/lib/exercises";

/** Returns what a message says an answer was tried with that throws, in a check that calls it with `args`. */
async function triedWithIn(call: (answer: (...args: unknown[]) => unknown) => unknown): Promise<string> {
  const checks = [{ name: "a", run: (answer: (...args: unknown[]) => unknown) => void call(answer) }];
  const { checks: results } = await runChecks({ ...exercises.greeting, id: "f", checks }, () => {
    throw new Error("no");
  });
  return results[0].message.split("tried with ")[1];
}

const BYTES = fromHex("f9beb4d9");

test.each<[what: string, args: unknown[], shown: string]>([
  ["text and numbers", ["a\n", 5, 7n, undefined], String.raw`f("a\n", 5, 7n, undefined)`],
  ["functions", [() => 1], "f(a function)"],
  ["bytes", [BYTES, new Uint8Array(0)], "f(4 bytes: f9beb4d9, no bytes)"],
  ["a view", [BYTES.subarray(1, 2)], "f(1 byte: be, a view that begins at byte 1 of its buffer)"],
  ["many bytes", [new Uint8Array(200)], `f(200 bytes: ${"00".repeat(32)} …)`],
])("a call with %s is shown as it would be written", async (_, args, shown) => {
  expect(await triedWithIn((answer) => answer(...args))).toBe(shown);
});

test("a reader is shown where it was before the call", async () => {
  const reader = new ByteReader(BYTES);
  reader.read(1);
  const call = (answer: (...args: unknown[]) => unknown) => {
    try {
      answer(reader);
    } finally {
      reader.read(2);
    }
  };
  expect(await triedWithIn(call)).toBe("f(a reader at byte 1 of 4, before beb4d9)");
  reader.read(1);
  expect(await triedWithIn((answer) => answer(reader))).toBe("f(a reader at the end of 4 bytes: f9beb4d9)");
});

test("triedWith() says in words what a call was tried with, and only that call", async () => {
  expect(await triedWithIn((answer) => triedWith("two peers", () => answer(1, 2)))).toBe("two peers");
  triedWith("two peers", () => {});
  expect(await triedWithIn((answer) => answer(1))).toBe("f(1)");
});

test("showBytes() cuts what is longer than asked for", () => {
  expect(showBytes(BYTES, 4)).toBe("f9beb4d9");
  expect(showBytes(BYTES, 3)).toBe("f9beb4 …");
  expect(showBytes(new Uint8Array(0))).toBe("nothing");
});
