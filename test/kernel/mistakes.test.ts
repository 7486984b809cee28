/** What a learner reads after common mistakes with cells, in the real kernel. */
import { expect, test } from "vitest";
import { runNotebook } from "../../scripts/notebooks/run";
import { KERNEL } from "../helpers/limits";
import { notebookOf } from "./made-up";
import { printed } from "./printed";

test(
  "an error shows the lines of the learner's cells; a check says when its function is not the newest, or not the learner's",
  async () => {
    const check = 'await check("greeting", greeting);';
    const sources = [
      'import { check, useSolution } from "@course/lib";',
      check,
      'function greeting(userAgent: string): string { return "Hello!"; }',
      check,
      "function greeting(userAgent: string): string { return 5; }",
      check,
      'function greet(userAgent: string): string { return "Hello!"; }',
      check,
      'const greeting = useSolution("greeting");',
      check,
      'function helper(): string {\n  throw new RangeError("deep down");\n}',
      "function greeting(userAgent: string): string {\n  return helper();\n}",
      check,
      'function outer() { inner(); }\nfunction inner() { throw new TypeError("no"); }\nouter();',
      "function greeting(userAgent: string): string {\n" +
        '  setImmediate(() => { throw new Error("in a callback"); });\n' +
        '  void Promise.reject(new Error("not awaited"));\n  return "Hello!";\n}',
      check,
      'setImmediate(() => { throw new Error("of no check"); });\nawait new Promise((resolve) => setTimeout(resolve, 20));',
      'import { Nodes } from "@course/lib";\nconst nodes: Nodes = {};',
      "nodes.map((node) => node);",
    ];
    // The kernel has just been started: no cell, and no import of the library, has told it anything.
    const first = "const open = (bytes: Payload): Payload => readCommand(bytes);";
    const { notebook } = await runNotebook(notebookOf(first, ...sources), { keepGoing: true });
    const [afterRestart, ...said] = notebook.cells.map(printed);

    expect(afterRestart.split("\n")).toEqual([
      "Line 1, column 22: Cannot find name 'Payload'.",
      `    ${first}`,
      "  This is the first cell that was run since the kernel was started, and a new kernel knows no names: run the cells above it first (Run > Run All Above Selected Cell).",
      "Line 1, column 32: Cannot find name 'Payload'.",
      `    ${first}`,
      "Line 1, column 43: Cannot find name 'readCommand'.",
      `    ${first}`,
    ]);

    expect(said[1]).toContain("Line 1, column 25: Cannot find name 'greeting'.");
    expect(said[1]).toContain("The cell that declares greeting has not run, or has an error itself");
    expect(said[3]).not.toContain("This is");
    expect(said[4]).toContain("Type 'number' is not assignable to type 'string'.");
    expect(said[5]).toContain("The cell you ran last has an error");
    expect(said[7]).toContain("This is the same greeting as at the last check.");
    expect(said[9]).toContain("This is the course's own greeting. It earns no points.");
    // The message once named a line of the cell under test, with the line number of the cell that threw.
    expect(said[12]).toContain(
      'greeting threw RangeError: deep down\n      in cell [12], line 2: throw new RangeError("deep down");',
    );
    expect(said[13].split("\n")).toEqual([
      "TypeError: no",
      '    in inner, cell [15], line 2: function inner() { throw new TypeError("no"); }',
      "    in outer, cell [15], line 1: function outer() { inner(); }",
      "    in cell [15], line 3: outer();",
    ]);
    expect(said[18].split("\n")).toEqual([
      "Line 1, column 7: This expression is not callable. Type 'NodeDetails' has no call signatures.",
      "    nodes.map((node) => node);",
      "  `nodes` is an object and no list, so it has no `map`. These are lists: `Object.keys(nodes)`, `Object.values(nodes)`, and `Object.entries(nodes)`, which has pairs of both.",
    ]);
    expect(said[15]).toContain("No error goes uncaught\n      Error: not awaited (the first of 6)");
    expect(said[15]).toContain("It came out of a promise that was not awaited.");
    expect(said[16]).toBe(
      'Error: of no check\n    in cell [18], line 1: setImmediate(() => { throw new Error("of no check"); });\n',
    );
  },
  KERNEL,
);
