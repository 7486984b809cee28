import { expect, test } from "vitest";
import { solutionSource } from "@course/lib/notebook";
import {
  type Case,
  courseCell,
  exercise,
  expectSolved,
  failures,
  ID,
  lesson,
  NOTEBOOK,
  ownCell,
  SETUP,
  type TestCell,
  useGradedCases,
} from "./notebooks";

const STUB = lesson(NOTEBOOK).filter(
  ({ metadata }) => (metadata.course as { exercise?: string }).exercise === ID,
)[0].source as string;
const SOLVED = solutionSource(ID);
const CALLS_HELPER = "function nodesToAddressStrings(nodes: Nodes): string[] {\n  return keysOf(nodes);\n}";
const HELPER = "function keysOf(nodes: Nodes): string[] {\n  return Object.keys(nodes);\n}";

const ENDLESS = "const never = await new Promise(() => {});\nprocess.exit();";
const LOST = "no metadata in any cell, and a demonstration that must not be run";

const SOLVED_WITH: [what: string, cells: TestCell[]][] = [
  ["a helper function in a cell before it", [SETUP, ownCell(HELPER), exercise(CALLS_HELPER)]],
  [
    "a helper that is an arrow function",
    [SETUP, ownCell("const keysOf = (nodes: Nodes) => Object.keys(nodes);"), exercise(CALLS_HELPER)],
  ],
  [
    "a helper in a demonstration, which itself is not run",
    [SETUP, courseCell("demo", `${HELPER}\n${ENDLESS}`), exercise(CALLS_HELPER)],
  ],
  [
    "an import in a cell of its own",
    [
      SETUP,
      ownCell(`import { inspect } from "node:util";`),
      exercise(
        `function nodesToAddressStrings(nodes: Nodes): string[] {\n  inspect(nodes);\n  return Object.keys(nodes);\n}`,
      ),
    ],
  ],
  [
    "a first try that is declared again later",
    [SETUP, exercise("function nodesToAddressStrings() { return 7; }"), ownCell(SOLVED)],
  ],
  ["a cell that has lost its metadata", [SETUP, ownCell(SOLVED)]],
  // Issue 11: the demonstrations of such a notebook were run.
  [LOST, [ownCell(SETUP.source as string), ownCell(`${HELPER}\n${ENDLESS}`), ownCell(CALLS_HELPER)]],
  [
    "a source that is a list of lines",
    [SETUP, exercise(""), { ...exercise(""), source: SOLVED.split(/(?<=\n)/) }],
  ],
  [
    "an experiment that calls the network",
    [SETUP, ownCell(`await request("http://example.com/");`), exercise(SOLVED)],
  ],
  [
    "an experiment that calls a peer far away",
    [
      SETUP,
      ownCell(
        `import net from "node:net";\nawait new Promise((_, no) => net.connect(8333, "192.0.2.1").on("error", no));`,
      ),
      exercise(SOLVED),
    ],
  ],
  ["an experiment that throws", [SETUP, ownCell(`throw new Error("oops");`), exercise(SOLVED)]],
  ["an experiment with a type error", [SETUP, ownCell(`const one: number = "one";`), exercise(SOLVED)]],
  [
    "an experiment that uses what a type error would have made",
    [SETUP, ownCell(`const one: number = "one";`), ownCell("one.toFixed();"), exercise(SOLVED)],
  ],
  ["an experiment that never ends", [SETUP, ownCell("for (;;) {}"), exercise(SOLVED)]],
  ["an experiment that awaits for ever", [SETUP, ownCell("await new Promise(() => {});"), exercise(SOLVED)]],
  ["an experiment that ends the process", [SETUP, ownCell("process.exit(0);"), exercise(SOLVED)]],
  [
    "an experiment that ends the process in a timer",
    [SETUP, ownCell("setTimeout(() => process.exit(0));"), exercise(SOLVED)],
  ],
  [
    "an experiment that fails in the background",
    [
      SETUP,
      ownCell(`void Promise.reject(new Error("late"));\nsetTimeout(() => { throw new Error("later"); }, 1);`),
      exercise(SOLVED),
    ],
  ],
  [
    "an experiment that leaves a timer and a server",
    [
      SETUP,
      ownCell(
        `import net from "node:net";\nsetInterval(() => {}, 1000);\nnet.createServer().listen(0, "127.0.0.1");`,
      ),
      exercise(SOLVED),
    ],
  ],
  [
    "an experiment that talks to the grader",
    [
      SETUP,
      ownCell("process.send?.({ kind: 'verdict' });\nprocess.disconnect?.call(null);"),
      exercise(SOLVED),
    ],
  ],
  [
    "comments, Markdown and nothing",
    [
      SETUP,
      ownCell("// nothing"),
      ownCell(""),
      { ...ownCell("# Mine"), cell_type: "markdown" },
      exercise(SOLVED),
    ],
  ],
];

const many = Array.from({ length: 5000 }, (_, i) => ownCell(`const v${i} = ${i};`));
const OTHERS: Record<string, TestCell[]> = {
  twice: [SETUP, exercise(SOLVED), exercise(STUB)],
  deleted: [SETUP],
  markdown: [SETUP, { ...exercise(SOLVED), cell_type: "markdown" }],
  setup: [{ ...SETUP, source: "import { nothing } from '@course/lib';" }, exercise(SOLVED)],
  many: [SETUP, ...many, exercise(SOLVED)],
};

const cases = [...SOLVED_WITH, ...Object.entries(OTHERS)];
const graded = useGradedCases<string>(
  Object.fromEntries(cases.map(([what, cells]): [string, Case] => [what, { cells, ids: [ID] }])),
);

test.each(SOLVED_WITH)("an exercise is solved in a notebook with %s", (what) => {
  expectSolved(graded(what));
});

test.each([
  ["an experiment that throws", "cell 2 failed: Error: oops"],
  ["an experiment with a type error", "cell 2 does not compile: line 1: Type 'string' is not assignable"],
  ["an experiment that never ends", "cell 2 never finished"],
  ["an experiment that awaits for ever", "cell 2 failed: took longer than 2.5 s"],
  ["an experiment that ends the process", "cell 2 called process.exit"],
  ["an experiment that ends the process in a timer", "cell 2 called process.exit"],
  ["an experiment that calls the network", "cell 2 failed: MockNotMatchedError"],
  ["an experiment that calls a peer far away", "cell 2 failed: Error: 192.0.2.1 is not called while grading"],
])("a note names the cell of %s", (what, note) => {
  expect(
    graded(what)
      .notes.map(({ text }) => text)
      .join("\n"),
  ).toContain(note);
});

test("a note says that the metadata of all cells is gone", () => {
  expect(graded(LOST).notes.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^an editor has dropped the cells' metadata\.course/),
  ]);
});

test("of two cells that declare an exercise's function the last counts, and a note names both", () => {
  const { byId, notes } = graded("twice");
  expect(byId[ID].status).toBe("untouched");
  expect(notes[0].text).toBe(
    `${ID} is written more than once, in cells 2 and 3; the last one counts, as in the kernel`,
  );
});

test.each([
  ["deleted", `the cell of ${ID} is gone`],
  ["markdown", `the cell of ${ID} (cell 2) is no code cell any more`],
])("an exercise whose cell is %s counts as missing", (what, message) => {
  expect(graded(what).byId[ID]).toMatchObject({ status: "missing", points: 0 });
  expect(failures(graded(what).byId[ID])).toContain(message);
});

test("a setup cell that does not compile fails every exercise with a message that names it", () => {
  expect(graded("setup").byId[ID].status).toBe("failed");
  expect(failures(graded("setup").byId[ID])).toMatch(
    /cell 1, which sets the notebook up, does not compile: line 1: .*'nothing'/,
  );
});

test("a notebook of thousands of cells is not compiled, and says how many it may have", () => {
  const result = graded("many").byId[ID];
  expect(result.status).toBe("missing");
  expect(failures(result)).toMatch(/has 5,002 code cells, expected at most 400: delete/);
});
