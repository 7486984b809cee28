import { afterEach, expect, test, vi } from "vitest";
import { stubMessage } from "@course/lib/checks";
import type { ExerciseId } from "@course/lib/exercises";
import { check, useSolution } from "@course/lib/notebook";
import { greeting } from "@course/lib/peer";
import { catchPrinted, plainText } from "../helpers/printed";

const printed = catchPrinted();
afterEach(() => void vi.unstubAllEnvs());

async function verdict(id: string, fn: unknown): Promise<string> {
  await check(id as ExerciseId, fn);
  return plainText(printed);
}

test("check() prints a solved exercise with its points and its checks", async () => {
  expect(await verdict("greeting", (userAgent: string) => greeting(userAgent))).toBe(
    [
      "✓ greeting is solved: 1 point.",
      "  ✓ The name is greeted without the slashes around it",
      "  ✓ A slash in the middle stays",
      "  ✓ A node without a name is a stranger",
    ].join("\n"),
  );
});

test("check() prints for a wrong answer what was expected and what came", async () => {
  const text = await verdict("greeting", (name: string) => `Hello, ${name.slice(1, -1)}!`);
  expect(text).toContain("✗ greeting: 2 of 3 checks pass.");
  expect(text).toContain('greeting(""): expected "Hello, stranger!", got "Hello, !"');
  expect(text).toContain('hint("greeting")');
});

test("check() wraps long lines under their beginning", async () => {
  const text = await verdict("greeting", (userAgent: string) => `Hello, ${userAgent}${"!".repeat(100)}`);
  const lines = text.split("\n");
  expect(lines.every(({ length }) => length <= 96)).toBe(true);
  const at = lines.findIndex((line) => line.startsWith("      greeting("));
  expect(lines[at + 1]).toMatch(/^ {6}\S/);
});

test("check() says before the verdict that the function is the course's own", async () => {
  const [first, second] = (await verdict("greeting", greeting)).split("\n");
  expect(first).toBe("! This is the course's own greeting. It earns no points.");
  expect(second).toContain("greeting is solved");
});

// A value that came from a peer could write control sequences to the terminal.
test("check() prints what came so that it is safe to show", async () => {
  const text = await verdict("greeting", () => "\u009b2J\u202e");
  expect(text).toContain("\\x9b2J\\u{202e}");
  expect(text).not.toMatch(/[\u009b\u202e]/);
});

test("check() does not repeat the message of an earlier check", async () => {
  const text = await verdict("greeting", () => {
    throw new Error("oh no");
  });
  expect(text.match(/oh no/g)).toHaveLength(1);
  expect(text.match(/the same/g)).toHaveLength(2);
});

test("check() of a wrong answer that uses another names that one, if it failed too, until the course's own takes its place", async () => {
  const readCommand = () => "verack";
  const parsePacket = () => readCommand();
  const said = async () => {
    printed.length = 0;
    return (await verdict("parsePacket", parsePacket)).includes(
      "parsePacket uses readCommand, which failed when it was checked last",
    );
  };
  expect(await said()).toBe(false);
  await verdict("readCommand", readCommand);
  expect(await said()).toBe(true);
  useSolution("readCommand");
  expect(await said()).toBe(false);
});

test("check() says of an untouched stub how to begin", async () => {
  const stub = () => {
    throw new Error(stubMessage("greeting"));
  };
  expect(await verdict("greeting", stub)).toContain(
    "greeting is not written yet. Replace the line that throws",
  );
});

test("check() of no function says to run its cell", async () => {
  const text = await verdict("greeting", undefined);
  expect(text).toContain("expected a function named greeting, got undefined");
  expect(text).toContain('await check("greeting", greeting)');
});

test.each([
  ["greting", 'There is no exercise "greting": did you mean "greeting"?'],
  ["getnodes", 'There is no exercise "getnodes": did you mean "getNodes"?'],
  ["toString", 'There is no exercise "toString": there are greeting, '],
  [undefined, "There is no exercise undefined: there are greeting, "],
  [Symbol("greeting"), "There is no exercise Symbol(greeting): there are greeting, "],
])("check() of the unknown id %s says which ids there are", async (id, sentence) => {
  expect(await verdict(id as string, greeting)).toContain(sentence);
});

// nbgrader takes what a cell writes to stderr for a failure, and all else for a success.
test.each([
  ["a wrong answer", "greeting", () => "Hello", true],
  [
    "a stub",
    "greeting",
    () => {
      throw new Error(stubMessage("greeting"));
    },
    true,
  ],
  ["the course's own function", "greeting", greeting, true],
  ["no function", "greeting", undefined, true],
  ["an exercise that does not exist", "greetin", greeting, true],
  ["a right answer", "greeting", (userAgent: string) => greeting(userAgent), false],
])("check() of %s, while nbgrader validates, fails or not", async (_what, id, fn, fails) => {
  vi.stubEnv("NBGRADER_EXECUTION", "validate");
  const errors = vi.spyOn(console, "error").mockImplementation(() => {});
  await verdict(id, fn);
  expect([errors.mock.calls.length, printed.length]).toEqual(fails ? [1, 0] : [0, 1]);
});
