import { describe, expect, test } from "vitest";
import { type ExerciseId, exercises } from "@course/lib/exercises";
import { solutionSource } from "@course/lib/notebook";
import {
  type Case,
  courseCell,
  failures,
  ID as OTHER,
  lesson,
  NOTEBOOK,
  ownCell,
  type TestCell,
  useGradedCases,
} from "./notebooks";

const IDS = ["getNodes", OTHER] as const;

/** Returns the lesson's cells: solved, except for the given answers. */
function cellsWith(answers: Partial<Record<ExerciseId, string>>): TestCell[] {
  const solved = Object.fromEntries(
    (["getBitnodesApiResponse", ...IDS] as const).map((id) => [id, solutionSource(id)]),
  );
  return lesson(NOTEBOOK, { ...solved, ...answers });
}

function getNodes(body: string): string {
  return `async function getNodes(): Promise<Nodes> {\n  ${body}\n}`;
}

const WRONG: [what: string, answer: string, status: string, message: RegExp][] = [
  ["an endless loop", getNodes("while (true) {}"), "timeout", /getNodes never finished.*endless loop/],
  ["process.exit", getNodes("process.exit(0);"), "crashed", /getNodes called process\.exit/],
  [
    "process.exit in a timer",
    getNodes("setTimeout(() => process.exit(0)); return new Promise(() => {});"),
    "crashed",
    /getNodes called process\.exit/,
  ],
  ["process.abort", getNodes("process.abort();"), "crashed", /getNodes ended its process \(signal SIGABRT\)/],
  [
    "an unhandled rejection",
    getNodes(`void Promise.reject(new Error("uncaught")); return (await getBitnodesApiResponse()).nodes;`),
    "crashed",
    /no error goes uncaught: a promise was rejected and not awaited: Error: uncaught/,
  ],
  [
    "an uncaught error in a timer",
    getNodes(
      `setTimeout(() => { throw new Error("late"); }, 1);
         await new Promise((resolve) => setTimeout(resolve, 30));
         return (await getBitnodesApiResponse()).nodes;`,
    ),
    "crashed",
    /an error in a callback was not caught: Error: late/,
  ],
  [
    "a timer that runs on",
    getNodes("setInterval(() => {}, 50); return (await getBitnodesApiResponse()).nodes;"),
    "failed",
    /nothing is left open: getNodes left a timer running/,
  ],
  [
    "a server left listening",
    getNodes(
      `(await import("node:net")).createServer().listen(0, "127.0.0.1");
         return (await getBitnodesApiResponse()).nodes;`,
    ),
    "failed",
    /nothing is left open: getNodes left a server listening/,
  ],
  ["a wrong answer", getNodes("return {};"), "failed", /expected/],
  [
    "an endless stream of output",
    getNodes("for (;;) console.log('x'.repeat(1000));"),
    // The loop keeps its lines in memory once the pipe is full. How much it has written by then depends on the reader.
    expect.stringMatching(/^(timeout|crashed)$/) as string,
    /never finished|it printed more than 1,000,000 bytes|it used too much memory/,
  ],
  [
    "a type error",
    getNodes("const two: number = 'two';\n  return {};"),
    "failed",
    /the cell compiles: cell \d+ does not compile: line 2: Type 'string' is not assignable to type 'number'/,
  ],
  ["a syntax error", getNodes("return {"), "failed", /the cell compiles: cell \d+ does not compile: line \d/],
  [
    "a function of another name",
    "async function getNodez(): Promise<Nodes> { return {}; }",
    "missing",
    /declares getNodez: rename it back to getNodes/,
  ],
  ["no code at all", "", "missing", /declares no function: write getNodes there/],
  ["a value that is no function", "const getNodes = 7;", "missing", /a function named getNodes, got 7/],
  [
    "an endless loop beside its function",
    `${getNodes("return {};")}\nwhile (true) {}`,
    "timeout",
    /cell \d+ never finished/,
  ],
  [
    "process.exit beside its function",
    `${getNodes("return {};")}\nprocess.exit(0);`,
    "crashed",
    /cell \d+ called process\.exit/,
  ],
  [
    "an error above its function",
    `throw new Error("too early");\nvar getNodes = async () => ({});`,
    "missing",
    /the cell runs: cell \d+ failed: Error: too early/,
  ],
];

const STAND_IN = `const getNodes = useSolution("getNodes");`;
const API_STAND_IN = `const getBitnodesApiResponse = useSolution("getBitnodesApiResponse");`;
const API = "async function getBitnodesApiResponse(): Promise<Snapshot> { throw new Error('mine'); }";

const both = ["getBitnodesApiResponse", "getNodes"] as const;
const getNodesOnly = ["getNodes"] as const;

/** Notebooks in which an exercise calls another. */
const CALLING: Record<"looping" | "skipped" | "own" | "pasted" | "imported" | "printing", Case> = {
  looping: { ids: both, cells: cellsWith({ getBitnodesApiResponse: `${API}\nwhile (true) {}` }) },
  skipped: {
    ids: both,
    cells: [
      ...lesson(NOTEBOOK, { getNodes: solutionSource("getNodes") }),
      courseCell("hint", API_STAND_IN, "getBitnodesApiResponse"),
    ],
  },
  own: { ids: getNodesOnly, cells: [...cellsWith({}), courseCell("hint", STAND_IN, "getNodes")] },
  pasted: { ids: getNodesOnly, cells: cellsWith({ getNodes: STAND_IN }) },
  imported: { ids: getNodesOnly, cells: cellsWith({ getNodes: `import { getNodes } from "@course/lib";` }) },
  printing: {
    ids: getNodesOnly,
    cells: [
      ...cellsWith({
        getNodes: getNodes(`console.log("looking"); return (await getBitnodesApiResponse()).nodes;`),
      }),
      ownCell(`console.log("something else");`),
    ],
  },
};

const wrong = WRONG.map(([what, answer]): [string, Case] => [
  what,
  { ids: IDS, cells: cellsWith({ getNodes: answer }) },
]);
const graded = useGradedCases<string>({ ...Object.fromEntries(wrong), ...CALLING });

describe("the grader", () => {
  test.each(WRONG)(
    "an answer with %s costs the points of its exercise alone",
    (what, _answer, status, message) => {
      const { byId } = graded(what);
      expect(failures(byId.getNodes)).toMatch(message);
      expect(byId.getNodes).toMatchObject({ id: "getNodes", status, points: 0 });
      expect(byId[OTHER]).toMatchObject({ status: "solved", points: exercises[OTHER].points });
    },
  );
});

describe("an exercise that calls another", () => {
  test("an exercise is solved if the one that it calls blocks: the library's function is used for that", () => {
    const { byId } = graded("looping");
    expect(byId.getBitnodesApiResponse.status).toBe("timeout");
    expect(byId.getNodes.status).toBe("solved");
  });

  test("useSolution earns no points, and exercises that call the function are solved", () => {
    const { byId, notes } = graded("skipped");
    expect(byId.getBitnodesApiResponse).toMatchObject({ status: "untouched", points: 0 });
    expect(byId.getNodes.status).toBe("solved");
    expect(notes.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^your own getBitnodesApiResponse was graded: the useSolution in cell \d+ was left out$/,
      ),
    ]);
  });

  test("useSolution in the hint cell does not replace a function that the learner has written", () => {
    expect(graded("own").byId.getNodes.status).toBe("solved");
  });

  test.each(["pasted", "imported"] as const)("the library's own function, %s, earns no points", (how) => {
    const { getNodes } = graded(how).byId;
    expect(getNodes).toMatchObject({ status: "untouched", points: 0 });
    expect(failures(getNodes)).toContain("write your own");
  });

  test("the output of an answer holds what it prints during the checks, not what other cells print", () => {
    const { outputs, byId } = graded("printing");
    expect(byId.getNodes.status).toBe("solved");
    expect(outputs.getNodes).toMatch(/^(looking\n)+$/);
  });
});
