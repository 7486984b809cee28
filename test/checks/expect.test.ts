import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { expectEqual, expectError, Mismatch, show } from "@course/lib/checks";

test.each<[string, unknown, unknown, string]>([
  ["numbers", 1, 2, "it: expected 2, got 1"],
  ["text for a number", "8333", 8333, 'it: expected the number 8333, got the text "8333"'],
  [
    "nothing",
    undefined,
    1,
    "it: expected the number 1, got undefined. Is a `return` missing, or an `await`?",
  ],
  [
    "a promise",
    Promise.resolve(1),
    1,
    "it: expected the number 1, got Promise { 1 }. Is there an `async` too many, or an `await` missing?",
  ],
  ["a list that is short", ["a"], ["a", "b"], 'it: expected 2 entries, got 1; the first missing is "b"'],
  ["a list that is long", ["a", "b"], ["a"], 'it: expected 1 entry, got 2; the first too many is "b"'],
  ["an entry", ["a", "x"], ["a", "b"], 'it, entry 1: expected "b", got "x"'],
  ["an entry within an entry", [["a", 1]], [["a", 2]], "it, entry 0, entry 1: expected 2, got 1"],
  ["a key that is missing", {}, { port: 1 }, 'it: expected "port" in it, got {}'],
  ["a key too many", { a: 1, b: 2 }, { a: 1 }, 'it: expected no "b" in it, got { a: 1, b: 2 }'],
  ["a value", { port: 1 }, { port: 2 }, 'it, "port": expected 2, got 1'],
  ["a list for an object", [], {}, "it: expected the object {}, got the list []"],
  ["NaN", NaN, 1, "it: expected 1, got NaN"],
])("expectEqual() of %s says what was expected and what came", (_, actual, expected, sentence) => {
  expect(() => expectEqual("it", actual, expected)).toThrow(new Mismatch(sentence));
});

test.each([
  [1, 1],
  [NaN, NaN],
  [
    [1, ["a"]],
    [1, ["a"]],
  ],
  [{ a: undefined }, { a: undefined }],
])("expectEqual() accepts %o twice", (actual, expected) => {
  expect(() => expectEqual("it", actual, expected)).not.toThrow();
});

test("expectEqual() refuses values that differ even if they look the same", () => {
  expect(() => expectEqual("it", Object.create(null), {})).toThrow(Mismatch);
  expect(() => expectEqual("it", [undefined], new Array(1))).toThrow(Mismatch);
});

test("expectError() returns an error that is thrown or rejected with", async () => {
  const error = new Error("no");
  expect(await expectError("here", () => Promise.reject(error))).toBe(error);
  const thrower = () => {
    throw error;
  };
  expect(await expectError("here", thrower)).toBe(error);
});

function throwText(): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  throw "no";
}

test("expectError() refuses a value, and a thrown value that is no Error", async () => {
  await expect(expectError("here", () => 5)).rejects.toThrow(new Mismatch("expected an error here, got 5"));
  await expect(expectError("here", () => 5, ": throw it")).rejects.toThrow(
    new Mismatch("expected an error here, got 5: throw it"),
  );
  const mismatch = new Mismatch("of a check within");
  await expect(expectError("here", () => Promise.reject(mismatch))).rejects.toBe(mismatch);
  await expect(expectError("here", throwText)).rejects.toThrow(
    new Mismatch('expected an Error here, got "no" thrown: throw new Error("…") instead'),
  );
});

test("show() returns one line, cut when it is long, without stacks", () => {
  expect(show("x".repeat(500))).toHaveLength(122);
  expect(show([new Error("no")])).toBe("[ Error: no ]");
  expect(show({ get a() { return 1; } })).toBe("{ a: [Getter] }"); // prettier-ignore
});

// Only C0 was escaped, by JSON.stringify and by inspect.
test("show() escapes control characters, C1 and C0, and marks that change the direction", () => {
  expect(show("\u009b2J\u202e\u001b")).toBe(String.raw`"\x9b2J\u{202e}\u001b"`);
  expect(show({ agent: "\u0085\u2066" })).toBe(String.raw`{ agent: '\x85\u{2066}' }`);
  expect(show(new Error("\u009b2J"))).toBe(String.raw`Error: \x9b2J`);
});

// In a notebook checks run in an AsyncLocalStorage, and Node.js then hangs symbols on every promise.
test("show() of a promise says nothing of the asynchronous context it was made in", () => {
  const text = new AsyncLocalStorage<unknown>().run([1, 2], () => show(Promise.resolve(1)));
  expect(text).toBe("Promise { 1 }");
});
