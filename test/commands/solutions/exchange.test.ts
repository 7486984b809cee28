import fs from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readNotebook, setCellSource, writeNotebook } from "@course/lib/notebook";
import { copiesOf } from "../../../scripts/notebooks/files";
import { type Direction, exchangeAll, type Exchanged } from "../../../scripts/solutions/exchange-all";
import { learnerCells, MINE, readCells, removeLesson, writeLesson } from "./fixture";

const IDS = ["nodesToAddressStrings", "nodesToAddressTuples"] as const;
const SOLUTION = "function solved() {}\n";

let file: string;
beforeEach(() => {
  file = writeLesson();
});
afterEach(() => removeLesson(file));

function exchange(direction: Direction, ids: readonly (typeof IDS)[number][] = IDS): Exchanged {
  return exchangeAll(direction, [{ file, ids: [...ids] }], () => SOLUTION)[0];
}

function edit(change: (cell: ReturnType<typeof readNotebook>["cells"][0]) => void): void {
  const notebook = readNotebook(file);
  change(notebook.cells[0]);
  writeNotebook(file, notebook);
}

describe("solutions in", () => {
  test("solutions in puts the solution in, and keeps the whole cell in its metadata", () => {
    exchange("in", ["nodesToAddressStrings"]);
    const [before] = learnerCells();
    const [cell, other] = readCells(file);
    expect(cell).toMatchObject({ id: "strings", outputs: [], execution_count: null, source: [SOLUTION] });
    const { source, outputs, execution_count } = before;
    expect(cell.metadata).toMatchObject({ course: { mine: { source, outputs, execution_count } } });
    expect(other).toEqual(learnerCells()[1]);
  });

  test("solutions in keeps a copy of the notebook as it was", () => {
    const before = fs.readFileSync(file);
    const { copy } = exchange("in");
    expect(fs.readFileSync(copy!)).toEqual(before);
  });

  test("solutions in, a second time, leaves what the first time kept", () => {
    exchange("in");
    const once = fs.readFileSync(file);
    const { steps, copy } = exchange("in");
    expect(steps).toEqual(IDS.map((id) => `${id}: solution already in`));
    expect([fs.readFileSync(file), copy]).toEqual([once, undefined]);
  });

  test("solutions in puts the solution into every copy of a cell, and each keeps its own", () => {
    const [cell] = learnerCells();
    removeLesson(file);
    file = writeLesson([cell, { ...cell, id: "copy", source: "another" }]);
    exchange("in", ["nodesToAddressStrings"]);
    exchange("out", ["nodesToAddressStrings"]);
    expect(readCells(file).map(({ source }) => source)).toEqual([cell.source, "another"]);
  });
});

describe("solutions out", () => {
  test.each([1, 2, "\t", 0])("solutions out brings back the same file, to the byte (indentation %j)", (indent) => {
    removeLesson(file);
    file = writeLesson(learnerCells(), indent);
    const before = fs.readFileSync(file);
    exchange("in");
    expect(fs.readFileSync(file)).not.toEqual(before);
    exchange("out");
    expect(fs.readFileSync(file)).toEqual(before);
  });

  test.each([
    ["Windows line ends", (text: string) => text.replaceAll("\n", "\r\n")],
    ["no newline at its end", (text: string) => text.trimEnd()],
    ["a byte order mark", (text: string) => `\uFEFF${text}`],
    ["escapes", (text: string) => text.replace("é", "\\u00e9")],
    ["numbers with a point", (text: string) => text.replace('"execution_count": 8', '"execution_count": 8.0')],
  ])("solutions out brings back a file that another program wrote, with %s", (_, write) => {
    const before = write(fs.readFileSync(file, "utf8"));
    fs.writeFileSync(file, before);
    exchange("in");
    exchange("out");
    expect(fs.readFileSync(file, "utf8")).toBe(before);
  });

  test("solutions out keeps everything else that changed meanwhile", () => {
    exchange("in");
    const notebook = readNotebook(file);
    notebook.cells[2].source = "2 + 2";
    writeNotebook(file, notebook);
    exchange("out");
    const [strings, tuples, own] = learnerCells();
    expect(readCells(file)).toEqual([strings, tuples, { ...own, source: "2 + 2" }]);
  });

  test("solutions out drops the outputs that the solution made", () => {
    exchange("in");
    edit((cell) => Object.assign(cell, { outputs: [{ output_type: "stream" }], execution_count: 99 }));
    exchange("out");
    expect(readCells(file)).toEqual(learnerCells());
  });

  test("solutions out keeps a solution that was edited in a copy, and says so", () => {
    exchange("in");
    edit((cell) => setCellSource(cell, `${SOLUTION}// my thoughts on it`));
    const { steps, copy } = exchange("out");
    expect(steps[0]).toMatch(/what you changed in the solution is in the copy below/);
    expect(steps[1]).not.toMatch(/changed/);
    expect(fs.readFileSync(copy!, "utf8")).toContain("my thoughts on it");
    expect(readCells(file)).toEqual(learnerCells());
  });

  test("solutions out leaves a file alone that has no solution in it", () => {
    const before = fs.readFileSync(file);
    const { steps, copy } = exchange("out");
    expect(steps).toEqual(IDS.map((id) => `${id}: no solution in, left as it is`));
    expect([fs.readFileSync(file), copy, copiesOf(file)]).toEqual([before, undefined, []]);
  });

  test.each([null, "text", {}, { source: 7 }])("solutions out does not touch a cell whose kept one is %j", (mine) => {
    edit((cell) => Object.assign(cell.metadata!.course as object, { mine }));
    const before = fs.readFileSync(file);
    const { problems } = exchange("out", ["nodesToAddressStrings"]);
    expect(problems).toEqual([expect.stringMatching(/metadata\.course\.mine.*was edited/)]);
    expect(fs.readFileSync(file)).toEqual(before);
  });
});

test("solutions in says what it cannot do, and does the rest", () => {
  const broken = path.join(path.dirname(file), "broken.ipynb");
  fs.writeFileSync(broken, "{");
  const missing = path.join(path.dirname(file), "missing.ipynb");
  const [first, second, third] = exchangeAll(
    "in",
    [
      { file: broken, ids: ["greeting"] },
      { file: missing, ids: ["greeting"] },
      { file, ids: ["getNodes", "nodesToAddressStrings"] },
    ],
    () => SOLUTION,
  );
  expect(first.problems).toEqual([expect.stringMatching(/broken\.ipynb is not JSON/)]);
  expect(second.problems).toEqual([expect.stringMatching(/missing\.ipynb is missing/)]);
  expect(third.problems).toEqual([expect.stringMatching(/^getNodes: there is no code cell for it/)]);
  expect(third.steps).toEqual([expect.stringMatching(/^nodesToAddressStrings: solution put in/)]);
  expect(fs.readFileSync(file, "utf8")).toContain("mine é ∞");
  expect(MINE).toContain("mine é ∞");
});

// Issue 11: no cell was found in a notebook whose metadata an editor had dropped.
describe("a cell that has lost its metadata", () => {
  test("solutions in finds a cell without metadata by its function, and out gives it back with its metadata", () => {
    edit((cell) => (cell.metadata = {}));
    const { steps, problems } = exchange("in", ["nodesToAddressStrings"]);
    expect(steps).toEqual([expect.stringMatching(/^nodesToAddressStrings: solution put in.*dropped/)]);
    expect(problems).toEqual([]);
    expect(exchange("out", ["nodesToAddressStrings"]).problems).toEqual([]);
    expect(readCells(file)[0]).toEqual(learnerCells()[0]);
  });

  test("solutions out leaves a cell without metadata as it is", () => {
    edit((cell) => (cell.metadata = {}));
    const before = fs.readFileSync(file);
    const { steps, problems } = exchange("out", ["nodesToAddressStrings"]);
    expect([steps, problems]).toEqual([[expect.stringMatching(/no solution in, left as it is$/)], []]);
    expect(fs.readFileSync(file)).toEqual(before);
  });

  test("solutions in and out leave a cell without metadata that holds the solution alone: the learner's own cell is lost", () => {
    edit((cell) => {
      cell.metadata = {};
      setCellSource(cell, "function nodesToAddressStrings() {}\n");
    });
    const before = fs.readFileSync(file);
    for (const direction of ["in", "out"] as const) {
      const solution = () => "function nodesToAddressStrings() {}";
      const [{ problems }] = exchangeAll(direction, [{ file, ids: ["nodesToAddressStrings"] }], solution);
      expect(problems).toEqual([expect.stringMatching(/an editor has dropped your own cell.*backups/)]);
    }
    expect(fs.readFileSync(file)).toEqual(before);
  });
});

// Issue 11: every line of such a notebook was rewritten, and the digits of large integers in outputs.
test.each([
  ["with CRLF", (text: string) => text.replaceAll("\n", "\r\n")],
  ["on one line", (text: string) => JSON.stringify(JSON.parse(text))],
  ["with large integers in outputs", (text: string) => text.replace('"1\\n"', '9007199254740993')],
])("solutions in and out of a notebook %s change only what they exchange", (_, form) => {
  const before = form(fs.readFileSync(file, "utf8"));
  fs.writeFileSync(file, before);
  exchange("in");
  fs.rmSync(path.join(path.dirname(file), "..", ".course"), { recursive: true }); // no copy to bring back
  exchange("out");
  expect(fs.readFileSync(file, "utf8")).toBe(before);
});

test("solutions in does not write over what JupyterLab saves meanwhile", () => {
  let saves = 0;
  const solutionOf = () => {
    if (saves++ === 0) edit((cell) => (cell.source = "saved meanwhile"));
    return SOLUTION;
  };
  exchangeAll("in", [{ file, ids: ["nodesToAddressStrings"] }], solutionOf);
  exchange("out");
  expect(readCells(file)[0].source).toBe("saved meanwhile");
});
