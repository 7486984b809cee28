/** Answers that stand on other cells: what passes in the notebook passes in the grader. */
import { expect, test } from "vitest";
import { neededCells, sourceToRun } from "@course/lib/grading";
import {
  type Case,
  courseCell,
  exercise,
  expectSolved,
  failures,
  ID,
  ownCell,
  SETUP,
  type TestCell,
  useGradedCases,
} from "./notebooks";

const NEVER = "process.exit();";

function demo(...lines: string[]): TestCell {
  return courseCell("demo", lines.join("\n"));
}

function answer(body: string): TestCell {
  return exercise(`function nodesToAddressStrings(nodes: Nodes): string[] {\n  ${body}\n}`);
}

/** The demonstrations in a notebook, what an answer looks like there, and what of the demonstrations is to run. */
const NEEDED: [what: string, demos: string[], answer: string, run: string[]][] = [
  [
    "a helper, and a variable that it stands on",
    [
      "const seen = new Map<string, number>();\nfunction note(key: string) {\n  seen.set(key, 1);\n}\nfunction other() {}\nnote('x');",
    ],
    "note('a');",
    ["const seen = new Map<string, number>();\nfunction note(key: string) {\n  seen.set(key, 1);\n}"],
  ],
  [
    "a constant that a call computes, and those of other cells that it comes from",
    [
      "const WORDS = ['keys'];\nawait never();",
      "import { join } from 'node:path';\nconst METHOD = join(...WORDS);",
    ],
    "METHOD;",
    ["const WORDS = ['keys'];", "import { join } from 'node:path';\nconst METHOD = join(...WORDS);"],
  ],
  [
    "the statements that fill a variable, and no others that mention it",
    [
      "const table = new Map();\nlet count = 0;\nfor (const k of ['a']) table.set(k, 1);\ncount += 1;\nconsole.log(table, count);\nawait check('x', table);",
    ],
    "table.get('a') === count;",
    ["const table = new Map();\nlet count = 0;\nfor (const k of ['a']) table.set(k, 1);\ncount += 1;"],
  ],
  [
    "a type, and no other",
    ["interface Entry { key: Key }\ntype Key = string;\ntype Other = number;"],
    "({}) as Entry;",
    ["interface Entry { key: Key }\ntype Key = string;"],
  ],
  [
    "nothing, if the names are the answer's own",
    ["const keys = await never();", "const seen = await never();", "const value = await never();"],
    "const keys = [1].map((seen) => seen); ({ value: keys }).value;",
    ["", "", ""],
  ],
  [
    "a free name that has a namesake in an inner scope",
    ["const seen = new Set();"],
    "[1].map((seen) => seen); seen;",
    ["const seen = new Set();"],
  ],
  [
    "nothing that only calls what JavaScript, or an import, has for everybody",
    [
      "import fs from 'node:fs';",
      "console.log(await never());",
      "await Promise.all([never()]);",
      "fs.rmSync('x');",
    ],
    "console.log(Promise.all([fs]));",
    ["import fs from 'node:fs';", "", "", ""],
  ],
  ["no stand-in", ["const getNodes = useSolution('getNodes');"], "getNodes;", [""]],
];

test.each(NEEDED)("of demonstrations the grader runs %s", (_, demos, body, run) => {
  const sources = [...demos, `function answer() {\n  ${body}\n}`];
  const cells = sources.map((source, i) => ({ position: i + 1, source, whole: i === demos.length }));
  expect(
    neededCells(cells, ["answer"])
      .map(sourceToRun)
      .map((text) => text.trimEnd().replace(/^ +\n/gm, "")),
  ).toEqual([...run, sources.at(-1)]);
});

const SOLVED_WITH: [what: string, cells: TestCell[]][] = [
  [
    "an exported answer that uses helpers, a table and a constant of demonstrations, above a half-written second try",
    [
      SETUP,
      demo(
        "const table = new Map<string, string>();",
        'for (const name of ["keys"]) table.set("method", name);',
        NEVER,
      ),
      demo('const METHOD = table.get("method")!;', NEVER),
      demo(
        "const seen = new Map<string, number>();",
        "function keysOf(nodes: Nodes): string[] {",
        "  for (const key of (Object as any)[METHOD](nodes)) seen.set(key, 1);",
        "  const keys = [...seen.keys()].map((seen) => seen);",
        "  seen.clear();",
        "  return keys;",
        "}",
        NEVER,
      ),
      exercise("export function nodesToAddressStrings(nodes: Nodes): string[] {\n  return keysOf(nodes);\n}"),
      ownCell("function nodesToAddressStrings(nodes: Nodes): string[] {\n  return nod"),
    ],
  ],
  [
    "a helper in a demonstration whose other statements use what is declared in demonstrations that do not run",
    [
      SETUP,
      demo("interface Sample { bytes: number[] }", "const sample: Sample = { bytes: [1] };", NEVER),
      demo("const [first] = sample.bytes;", NEVER),
      demo(
        "const keysOf = (nodes: Nodes) => Object.keys(nodes);",
        "console.log(first.toFixed(), sample);",
        NEVER,
      ),
      answer("return keysOf(nodes);"),
    ],
  ],
  [
    "an answer that is composed in the hint cell",
    [
      SETUP,
      demo("const compose = <A, B, C>(f: (a: A) => B, g: (b: B) => C) => (a: A): C => g(f(a));", NEVER),
      exercise("export const nothing = 1;"),
      courseCell(
        "hint",
        "hint('nodesToAddressStrings');\nconst nodesToAddressStrings = compose((nodes: Nodes) => nodes, Object.keys);",
        ID,
      ),
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
    /what it uses from other cells is there: nodesToAddressStrings uses page of cell 2, which failed: MockNotMatchedError/,
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

const cases = [...SOLVED_WITH, ...FAILED_WITH];
const graded = useGradedCases<string>(
  Object.fromEntries(cases.map(([what, cells]): [string, Case] => [what, { cells, ids: [ID] }])),
);

test.each(SOLVED_WITH)("an exercise is solved in a notebook with %s", (what) => {
  expectSolved(graded(what));
});

test.each(FAILED_WITH)("a verdict says what is wrong with %s", (what, _, message) => {
  const result = graded(what).byId[ID];
  expect(failures(result)).toMatch(message);
  expect(result).toMatchObject({ status: "failed", points: 0 });
});
