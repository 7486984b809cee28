/**
 * What has been tried on graders, this one and others, to get points for nothing.
 * Each earns nothing, and costs nobody else a point.
 */
import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { chooseWalls } from "@course/lib/grading/walls";
import { solutionSource } from "@course/lib/notebook";
import { root } from "../../scripts/setup/paths";
import {
  type Case,
  failures,
  ID as CHEATED,
  lesson,
  NOTEBOOK,
  ownCell,
  type TestCell,
  useGradedCases,
} from "./notebooks";

/** An answer that knows nothing, after a line that is to make up for it. */
function after(line: string): string {
  return `${line}\nfunction nodesToAddressStrings(nodes: Nodes): string[] {\n  return ["192.0.2.1:8333"];\n}`;
}

/** An answer whose body gets the library to do the work. */
function answering(body: string, imports = ""): string {
  return `${imports}\nfunction nodesToAddressStrings(nodes: Nodes): string[] {\n  ${body}\n}`;
}

const VERDICT = JSON.stringify({
  kind: "verdict",
  verdict: { status: "solved", checks: [], isLibrarys: false },
});
const say = (line: string, fd = 3) => `require("fs").writeSync(${fd}, ${JSON.stringify(line)} + "\\n");`;
/** Where the library is compiled to: nobody but a cheat reaches in there. */
const COMPILED = ["@course/lib", "dist"].join("/");
const lib = `require("@course/lib")`;
const deep = `require("${COMPILED}/bitnodes/addresses.js")`;

const FORGED: [what: string, answer: string][] = [
  ["a verdict in the pipe", after(say(VERDICT))],
  [
    "a verdict in every pipe",
    after([3, 4, 5, 6].map((fd) => `try { ${say(VERDICT, fd)} } catch {}`).join("\n")),
  ],
  ["a report with fields left out", after(say('{"kind":"cellFailed"}'))],
  ["null", after(say("null"))],
  ["a cell numbered 0", after(say('{"kind":"cell","position":0}'))],
  ["a cell that is not there", after(say('{"kind":"cell","position":99}'))],
  [
    "an answer that nobody has asked for",
    after(say('{"kind":"answer","exercise":"getNodes","answer":1,"place":1,"isLibrarySolution":false}')),
  ],
  [
    "replies to what the judge will ask",
    after(`for (let n = 1; n < 50; n++) ${say('{"reply":1,"outcome":{"value":{"t":"array","v":[]}}}')}`),
  ],
  [
    "a value that is none, when it is asked",
    answering(`${say('{"reply":1,"outcome":{"value":{"t":"function","id":-1}}}')} return [];`),
  ],
  ["half a line", after(`require("fs").writeSync(3, '{"kind":"usedSol');`)],
];

const PATCHED: [what: string, answer: string][] = [
  ["Array.prototype.every", after("Array.prototype.every = () => true;")],
  ["isDeepStrictEqual", after(`require("util").isDeepStrictEqual = () => true;`)],
  ["Object.is and Object.keys", after("Object.is = () => true; Object.keys = () => [];")],
  ["RegExp.prototype.test", after("RegExp.prototype.test = () => true;")],
  [
    "Promise.prototype.then",
    after("Promise.prototype.then = async function () { return undefined as any; };"),
  ],
  ["JSON.stringify", after(`JSON.stringify = () => '{"kind":"verdict"}';`)],
  ["toJSON of everything", after("(Object.prototype as any).toJSON = () => ({ t: 'array', v: [] });")],
  [
    "the clock",
    after("Date.now = () => 0; performance.now = () => 0; (process as any).hrtime = () => [0, 0];"),
  ],
  [
    "runChecks of the library",
    after(
      `try { require("${COMPILED}/checks/run-checks.js").runChecks = async () => ({ status: "solved", checks: [] }); } catch {}`,
    ),
  ],
  [
    "the list of exercises",
    after(
      `try { for (const one of Object.values<any>(require("${COMPILED}/exercises/exercises.js").exercises)) one.checks.length = 0; } catch {}`,
    ),
  ],
  [
    "what inspects values",
    after(`(Object.prototype as any)[Symbol.for("nodejs.util.inspect.custom")] = () => "solved";`),
  ],
  [
    "an equality of its own",
    answering(`return new Proxy([], { get: (_, key) => key === "length" ? 2 : nodes }) as any;`),
  ],
  [
    "the argument, so that it is what was returned",
    answering(`for (const key of Object.keys(nodes)) delete (nodes as any)[key]; return [];`),
  ],
];

const LIBRARYS: [what: string, answer: string][] = [
  ["called", answering(`return ${lib}.nodesToAddressStrings(nodes);`)],
  ["called with apply", answering(`return ${lib}.nodesToAddressStrings.apply(null, [nodes]);`)],
  [
    "imported under another name",
    answering("return ours(nodes);", `import { nodesToAddressStrings as ours } from "@course/lib";`),
  ],
  ["from its file", answering(`return ${deep}.nodesToAddressStrings(nodes);`)],
  [
    "bound beforehand",
    `const bound = ${lib}.nodesToAddressStrings.bind(null);\n${answering("return bound(nodes);")}`,
  ],
  ["as useSolution gives it", answering(`return (useSolution("nodesToAddressStrings") as any)(nodes);`)],
  [
    "of the list of exercises",
    answering(
      `return require("${COMPILED}/exercises/exercises.js").exercises.nodesToAddressStrings.solution(nodes);`,
    ),
  ],
  [
    "of a copy that is loaded anew",
    answering(
      `for (const file of Object.keys(require.cache)) delete require.cache[file];\n  return ${deep}.nodesToAddressStrings(nodes);`,
    ),
  ],
  [
    "with what reports it replaced",
    `const say = JSON.stringify;
JSON.stringify = ((message: any) => say(message?.kind === "usedSolution" ? { kind: "heartbeat" } : message)) as any;
${answering(`return ${lib}.nodesToAddressStrings(nodes);`)}`,
  ],
  [
    "caught on its way through the tripwire",
    `let caught: any;
const original = Reflect.apply;
Reflect.apply = ((target: any, ...rest: any[]) => ((caught = target), original(target, rest[0], rest[1]))) as any;
try { ${lib}.nodesToAddressStrings({}); } catch {}
Reflect.apply = original;
${answering(`return caught(nodes);`)}`,
  ],
];

/** What only walls keep from the one who runs this test: without them it is not tried. */
const DANGEROUS: [what: string, answer: string][] = [
  ["kills its parent", after(`process.kill(process.ppid, "SIGKILL");`)],
  ["kills everybody", after(`try { process.kill(-1, "SIGKILL"); } catch {}`)],
  [
    "writes into the library",
    after(
      `require("fs").writeFileSync(require.resolve("${COMPILED}/bitnodes/addresses.js"), "exports.nodesToAddressStrings = () => [];");`,
    ),
  ],
];

const RUDE: [what: string, answer: string][] = [
  [
    "leaves a process behind",
    after(`require("child_process").spawn("sleep", ["60"], { detached: true, stdio: "ignore" }).unref();`),
  ],
  [
    "takes all memory, outside of the heap",
    answering(`const all: Buffer[] = []; for (;;) all.push(Buffer.alloc(50_000_000, 1));`),
  ],
  ["closes the pipes", after(`for (const fd of [3, 4, 5]) require("fs").closeSync(fd);`)],
  ["prints without end", answering(`for (;;) process.stdout.write("x".repeat(100_000));`)],
  [
    "returns a list without end",
    answering(`const list: string[] = []; list.length = 4_000_000_000; return list;`),
  ],
  ["returns what never ends", answering(`return new Array(20_000_000).fill("x");`)],
  ["returns a knot", answering(`const knot: any = []; knot.push(knot); return knot;`)],
];

const { isWeak } = await chooseWalls();
const GROUPS = { FORGED, PATCHED, LIBRARYS, RUDE, ...(!isWeak && { DANGEROUS }) };
const CHEATS = Object.entries(GROUPS).flatMap(([group, cheats]) =>
  cheats.map(([what, answer]) => ({ name: `${group}: ${what}`, answer })),
);

/** The files that answers would have to change to be graded otherwise. */
function courseFiles(): string {
  const files = [
    "lib/dist/bitnodes/addresses.js",
    "lib/dist/checks/run-checks.js",
    "lib/dist/exercises/exercises.js",
  ];
  return files.map((file) => fs.readFileSync(path.join(root, file), "utf8")).join("\n");
}

/** The setup cell and the exercise that is cheated at: the others would only take time. */
function cellsWith(answer: string): TestCell[] {
  const cells = lesson(NOTEBOOK, { [CHEATED]: answer });
  return cells.filter(({ metadata }) => [undefined, CHEATED].includes(exerciseIn(metadata)));
}

function exerciseIn(metadata: TestCell["metadata"]): string | undefined {
  return (metadata.course as { exercise?: string } | undefined)?.exercise;
}

describe("cheats", () => {
  const before = courseFiles();
  const caseOf = (cells: TestCell[]): Case => ({ ids: [CHEATED], cells });
  const graded = useGradedCases<string>({
    ...Object.fromEntries(CHEATS.map(({ name, answer }) => [name, caseOf(cellsWith(answer))])),
    forged: caseOf([...cellsWith(after(say(VERDICT))), ownCell("const mine = 1;")]),
    // The last: what all the others have done is to have done nothing to it.
    honest: caseOf(cellsWith(solutionSource(CHEATED))),
  });

  test.each(CHEATS.map(({ name }) => name))("%s earns nothing", (name) => {
    const { byId } = graded(name);
    expect(byId[CHEATED].points, failures(byId[CHEATED])).toBe(0);
    expect(byId[CHEATED].status).not.toBe("solved");
  });

  test("an honest learner's grade is what it was, and so are the course's files", () => {
    expect(graded("honest").byId[CHEATED].status).toBe("solved");
    expect(courseFiles()).toBe(before);
  });

  test("an answer that lets the library do its work is told so", () => {
    const { byId } = graded("LIBRARYS: called");
    expect(byId[CHEATED].status).toBe("untouched");
    expect(failures(byId[CHEATED])).toContain("it calls the library's own nodesToAddressStrings");
  });

  test("what looks like tampering is kept for a person, and the learner is not accused of it", () => {
    const { byId, notes } = graded("forged");
    expect(byId[CHEATED].status).toBe("tampered");
    expect(failures(byId[CHEATED])).toContain("ask your instructor to look at it");
    expect(failures(byId[CHEATED])).not.toMatch(/cheat|tamper|forge/i);
    expect(notes.map(({ text }) => text).join("\n")).toContain('"verdict"');
  });
});
