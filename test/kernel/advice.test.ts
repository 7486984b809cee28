/** Advice for what the compiler says of a cell: the messages are TypeScript's own words. */
import { describe, expect, test } from "vitest";
import { adviseOn } from "@course/lib/kernel";

type Diagnostics = Parameters<typeof adviseOn>[0];
type Cells = Parameters<typeof adviseOn>[2];

/** A message about `text` in a cell of one line. */
function about(source: string, text: string, messageText: string): Diagnostics[number] {
  const start = source.indexOf(text);
  const end = start + text.length;
  const at = (offset: number) => ({ offset, line: 0, character: offset });
  return { start: at(start), end: at(end), messageText, category: 1, code: 0 };
}

const cellsBefore = (...before: [source: string, status: Cells[number]["status"]][]): Cells =>
  [...before, ["", "not compiled"] as const].map(([source, status], i) => ({
    number: i + 1,
    name: `[${i + 1}]`,
    source,
    status,
  }));

const LATER = cellsBefore(["1 + 1", "done"]);

/** Returns the advice on one message about `text`. */
function adviceOn(source: string, text: string, message: string, cells = LATER): string | undefined {
  return adviseOn([about(source, text, message)], source, cells)[0].advice;
}

describe("a name that is not found", () => {
  const source = "const x = readCommand(bytes);";
  const message = "Cannot find name 'readCommand'.";

  test("a name that is not found in the first cell after a start is that of a cell above which has not been run", () => {
    expect(adviceOn(source, "readCommand", message, cellsBefore())).toMatch(
      /first cell that was run since the kernel was started.*run the cells above it first/,
    );
  });

  test.each([
    ["function readCommand(field: string): string { return 5; }", "not compiled"],
    ["const readCommand = () => { throw 1; }; readCommand();", "failed"],
    ["const { a, readCommand } = await import('x');", "failed"],
    ['import { readCommand } from "./nothere";', "not compiled"],
    ["interface readCommand {}; oops(", "not compiled"],
  ] as const)(
    "a name that is not found is that of the cell which declares it and has an error: %s",
    (declaring, status) => {
      const cells = cellsBefore(["1 + 1", "done"], [declaring, status], ["readCommands()", "failed"]);
      expect(adviceOn(source, "readCommand", message, cells)).toBe(
        "Cell [2] declares readCommand, and has an error itself, or was stopped: see to that one first.",
      );
    },
  );

  test("a name that is not found may otherwise be that of a cell that was not run, or misspelled", () => {
    expect(adviceOn(source, "readCommand", message)).toMatch(
      /^The cell that declares readCommand has not run, or has an error itself.* misspelled, or not imported\?$/,
    );
    const proposed = "Cannot find name 'services'. Did you mean 'service'?";
    expect(adviceOn("services", "services", proposed)).toMatch(/Run All Above Selected Cell\)\.$/);
  });

  test("a name that is not found is told once where the compiler says it twice, and advised on once for all names", () => {
    const source = "function f(a: Nodes): Snapshot { return g(a); }";
    const messages = adviseOn(
      [
        about(source, "Nodes", "Cannot find name 'Nodes'."),
        about(source, "Nodes", "Parameter 'a' of exported function has or is using private name 'Nodes'."),
        about(source, "Snapshot", "Cannot find name 'Snapshot'."),
        about(
          source,
          "Snapshot",
          "Return type of exported function has or is using private name 'Snapshot'.",
        ),
      ],
      source,
      LATER,
    );
    expect(messages.map(({ message }) => message)).toEqual([
      "Cannot find name 'Nodes'.",
      "Cannot find name 'Snapshot'.",
    ]);
    expect(messages.map(({ advice }) => advice !== undefined)).toEqual([true, false]);
  });

  test("a name that the compiler calls private alone is one that is not found", () => {
    const source = "class A extends B {}";
    const message = "'extends' clause of exported class 'A' has or is using private name 'B'.";
    expect(adviceOn(source, "B", message)).toMatch(/^The cell that declares B has not run/);
  });
});

test("a compiler's message in two sentences is one message", () => {
  const source = "nodes.map((n) => n)";
  const [one, ...more] = adviseOn(
    [
      about(source, "map", "This expression is not callable."),
      about(source, "map", "Type 'NodeDetails' has no call signatures."),
    ],
    source,
    LATER,
  );
  expect(more).toEqual([]);
  expect(one.message).toBe("This expression is not callable. Type 'NodeDetails' has no call signatures.");
  expect(one.advice).toMatch(/^`nodes` is an object and no list, so it has no `map`.*`Object.keys\(nodes\)`/);
});

const NOT_CALLABLE = "This expression is not callable. Type 'NodeDetails' has no call signatures.";
const NO_ITERATOR = "Type 'Nodes' must have a '[Symbol.iterator]()' method that returns an iterator.";
const BIGINT = /^A bigint and a number do not go together/;

test.each<[source: string, text: string, message: string, advice: RegExp]>([
  [
    "one.two.filter((n) => n)",
    "filter",
    NOT_CALLABLE,
    /^`one.two` is an object .* `filter`.*Object.values\(one.two\)/,
  ],
  ["(await f()).slice(3)", "slice", NOT_CALLABLE, /^What stands there is an object .*`Object.keys\(…\)`/],
  [
    "for (const n of nodes) n;",
    "nodes",
    NO_ITERATOR,
    /^`nodes` .* cannot be looped over.*Object.entries\(nodes\)/,
  ],
  ["v.length", "length", "Property 'length' does not exist on type 'VersionMessage'.", /^`v` is an object/],
  [
    "m.map(f)",
    "map",
    "Property 'map' does not exist on type 'Map<string, number>'.",
    /^`m` is a Map .*`\[\.\.\.m\]` is one, of its pairs, and `m\.size`/,
  ],
  [
    "s.filter(f)",
    "filter",
    "Property 'filter' does not exist on type 'Set<string>'.",
    /^`s` is a Set .*`\[\.\.\.s\]` is one, and/,
  ],
  [
    "m.keys().map(f)",
    "map",
    "Property 'map' does not exist on type 'IterableIterator<string>'.",
    /is an iterator and no list: `Array.from\(…\)` is one\.$/,
  ],
  [
    "visits.error",
    "error",
    "Property 'error' does not exist on type 'Visit[]'.",
    /^`visits` is a list.*`visits\[0\]\.error`.*`visits\.map\(\(one\) => one\.error\)`/,
  ],
  [
    "for (const v in visits) v.error;",
    "error",
    "Property 'error' does not exist on type 'string'.",
    /`for … of` goes through the entries/,
  ],
  ["services + 1", "services + 1", "Operator '+' cannot be applied to types '1n' and '1'.", BIGINT],
  ["services * 2", "services * 2", "Operator '*' cannot be applied to types 'bigint' and 'number'.", BIGINT],
  ["const n: number = services;", "n", "Type 'bigint' is not assignable to type 'number'.", BIGINT],
  [
    "visits.findLast(f)",
    "findLast",
    "Property 'findLast' does not exist on type 'Visit[]'. Do you need to change your target library? Try changing the 'lib' compiler option to 'es2023' or later.",
    /in another way/,
  ],
  [
    "r.status",
    "status",
    "Property 'status' does not exist on type 'Promise<Response>'.",
    /^Is there an `await` missing\?$/,
  ],
  [
    "return f();",
    "return",
    "Type 'Promise<void>' is not assignable to type 'string'.",
    /^Is there an `await` missing\?$/,
  ],
])("%s: there is advice on what the compiler says of `%s`", (source, text, message, advice) => {
  expect(adviceOn(source, text, message)).toMatch(advice);
});

test.each([
  ["f(", "f(", "'}' expected."],
  ["5()", "5", "This expression is not callable. Type 'Number' has no call signatures."],
  ["host.map(f)", "map", "Property 'map' does not exist on type '\"a\"'."],
  ["n.length", "length", "Property 'length' does not exist on type 'number'."],
  ["list.push(5)", "push", "Property 'push' does not exist on type 'readonly number[]'."],
  ["k.foo", "foo", "Property 'foo' does not exist on type 'string'."],
  ["const t: string = 5;", "t", "Type 'number' is not assignable to type 'string'."],
])("%s: a message that says what to do is left as it is", (source, text, message) => {
  expect(adviceOn(source, text, message)).toBeUndefined();
});

test("there is no advice on a file that a cell imports", () => {
  const message = { ...about("x", "x", "Cannot find name 'x'."), fileName: "helper.ts" };
  expect(adviseOn([message], "x", LATER)).toEqual([
    { start: message.start, fileName: "helper.ts", message: "Cannot find name 'x'." },
  ]);
});
