/** Answers that stand on other cells: what passes in the notebook passes in the grader. */
import { beforeAll, expect, test } from "vitest";
import { type ExerciseId, exercises } from "@course/lib/exercises";
import { solutionSource } from "@course/lib/notebook";
import {
  type Case,
  courseCell,
  failures,
  gradeCases,
  type GradedCase,
  lesson,
  ownCell,
  type TestCell,
} from "./notebooks";

const NOTEBOOK = "03-bitnodes-api";
const ID = "nodesToAddressStrings";
const SOLVED = solutionSource(ID);
const [SETUP] = lesson(NOTEBOOK);
const NEVER = "process.exit();";

function exercise(source: string, id: ExerciseId = ID): TestCell {
  return courseCell("exercise", source, id);
}

function demo(...lines: string[]): TestCell {
  return courseCell("demo", lines.join("\n"));
}

function answer(body: string): TestCell {
  return exercise(`function nodesToAddressStrings(nodes: Nodes): string[] {\n  ${body}\n}`);
}

const SOLVED_WITH: [what: string, cells: TestCell[]][] = [
  [
    "a helper in a demonstration that stands on a variable of it",
    [
      SETUP,
      demo(
        "const seen = new Map<string, number>();",
        "function keysOf(nodes: Nodes): string[] {",
        "  for (const key of Object.keys(nodes)) seen.set(key, 1);",
        "  const keys = [...seen.keys()].map((seen) => seen);",
        "  seen.clear();",
        "  return keys;",
        "}",
        NEVER,
      ),
      answer("return keysOf(nodes);"),
    ],
  ],
  [
    "a constant of a demonstration that a call computes, from one of another demonstration",
    [
      SETUP,
      demo("const WORDS = ['keys', 'values'];", NEVER),
      demo(`const METHOD = WORDS.find((word) => word.startsWith("k"))!;`, NEVER),
      answer("return (Object as any)[METHOD](nodes);"),
    ],
  ],
  [
    "a table that a demonstration fills in further statements",
    [
      SETUP,
      demo(
        "const table = new Map<string, (nodes: Nodes) => string[]>();",
        "let count = 0;",
        `for (const name of ["keys"]) table.set(name, (nodes) => Object.keys(nodes));`,
        "count += 1;",
        NEVER,
      ),
      answer('return count === 1 ? table.get("keys")!(nodes) : [];'),
    ],
  ],
  ["export function", [SETUP, exercise(`export ${SOLVED}`)]],
  [
    "export const",
    [SETUP, exercise("export const nodesToAddressStrings = (nodes: Nodes): string[] => Object.keys(nodes);")],
  ],
  [
    "an answer that is composed in the hint cell",
    [
      SETUP,
      demo("const compose = <A, B, C>(f: (a: A) => B, g: (b: B) => C) => (a: A): C => g(f(a));"),
      exercise("", ID),
      courseCell(
        "hint",
        "hint('nodesToAddressStrings');\nconst nodesToAddressStrings = compose((nodes: Nodes) => nodes, Object.keys);",
        ID,
      ),
    ],
  ],
  [
    "a half-written second try below",
    [
      SETUP,
      exercise(SOLVED),
      ownCell("function nodesToAddressStrings(nodes: Nodes): string[] {\n  return nod"),
    ],
  ],
  [
    "names of a demonstration that the answer declares itself",
    [
      SETUP,
      demo("const keys = await never();", "async function never(): Promise<string[]> { process.exit(); }"),
      answer("const keys = Object.keys(nodes);\n  return keys;"),
    ],
  ],
];

const FAILED_WITH: [what: string, cells: TestCell[], message: RegExp][] = [
  [
    "a demonstration that asks the network for what the answer uses",
    [
      SETUP,
      demo(`const page = await request("http://example.com/");`),
      answer("return page.statusCode === 200 ? Object.keys(nodes) : [];"),
    ],
    /what it uses of other cells is there: nodesToAddressStrings uses page of cell 2, which failed: MockNotMatchedError/,
  ],
  [
    "a helper in a demonstration that throws",
    [
      SETUP,
      demo(
        "// a helper",
        NEVER,
        "function keysOf(nodes: Nodes): string[] {",
        "  return (nodes as any).b.c;",
        "}",
      ),
      answer("return keysOf(nodes);"),
    ],
    /threw TypeError: .*\nin cell 2, line 4: return \(nodes as any\)\.b\.c;/,
  ],
  [
    "a helper in a demonstration that does not compile",
    [
      SETUP,
      demo(
        "function keysOf(nodes: Nodes): string[] {",
        "  return Object.keys(nodes);",
        "}",
        "const n: number = 'n';",
      ),
      answer("return keysOf(nodes);"),
    ],
    /nodesToAddressStrings uses keysOf of cell 2, which does not compile: line 4: Type 'string'/,
  ],
];

let graded: Record<string, GradedCase>;

beforeAll(async () => {
  const cases: Record<string, Case> = {};
  for (const [what, cells] of [...SOLVED_WITH, ...FAILED_WITH]) cases[what] = { cells, ids: [ID] };
  graded = await gradeCases(cases);
}, 120_000);

test.each(SOLVED_WITH)("an exercise is solved in a notebook with %s", (what) => {
  const result = graded[what].byId[ID];
  expect(failures(result)).toBe("");
  expect(result).toMatchObject({ status: "solved", points: exercises[ID].points });
});

test.each(FAILED_WITH)("a verdict says what is wrong with %s", (what, _, message) => {
  const result = graded[what].byId[ID];
  expect(failures(result)).toMatch(message);
  expect(result).toMatchObject({ status: "failed", points: 0 });
});
