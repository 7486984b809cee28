import { describe, expect, test } from "vitest";
import { parseNotebook, serializeNotebook } from "@course/lib/notebook";
import { formatCell, normaliseNotebook } from "../../../scripts/notebooks/format";

describe("formatCell()", () => {
  test.each([
    [
      "await outside of any function",
      "const a=await  Promise.resolve(1)",
      "const a = await Promise.resolve(1);",
    ],
    ["a last value, which keeps its missing semicolon", "const a=1\na+1", "const a = 1;\na + 1"],
    ["a last call, which keeps its semicolon", "await check('a',a);", 'await check("a", a);'],
    ["a last declaration, which gets a semicolon", "let a = 1", "let a = 1;"],
    ["nothing but comments", '// hint("a");\n// solution("a");\n', '// hint("a");\n// solution("a");'],
    ["nothing", "", ""],
    [
      "a stub, whose long line stays one line",
      'function getVersionMessages() {\n  throw new Error("getVersionMessages is not written yet: replace this line with your code.");\n}',
      'function getVersionMessages() {\n  throw new Error("getVersionMessages is not written yet: replace this line with your code.");\n}',
    ],
  ])("formatCell() formats a cell with %s", async (_, source, expected) => {
    expect(await formatCell(source)).toBe(expected);
  });
});

const CELL = {
  cell_type: "code",
  id: "a",
  metadata: { course: { role: "demo" } },
  outputs: [],
  source: ["1"],
};

function notebookOf(...cells: object[]) {
  return parseNotebook(
    JSON.stringify({
      cells: cells.map((cell) => ({ ...CELL, execution_count: null, ...cell })),
      metadata: {},
      nbformat: 4,
    }),
    "x.ipynb",
  );
}

describe("normaliseNotebook()", () => {
  test("normaliseNotebook() changes nothing the second time", async () => {
    const notebook = notebookOf(
      { source: ["let  a"] },
      { id: undefined, outputs: [{ output_type: "stream" }] },
    );
    await normaliseNotebook(notebook);
    const text = serializeNotebook(notebook);
    expect(await normaliseNotebook(notebook)).toEqual({ fixed: [], problems: [] });
    expect(serializeNotebook(notebook)).toBe(text);
  });

  test.each([
    ["strips an output", { outputs: [{ output_type: "stream", text: "1" }] }, "outputs of 1 cell stripped"],
    ["strips an execution count", { execution_count: 7 }, "outputs of 1 cell stripped"],
    ["adds a missing id", { id: undefined }, "cell 1 given an id (it had none)"],
    ["formats code", { source: ["f( )"] }, "cell 1 (a) formatted"],
  ])("normaliseNotebook() %s", async (_, cell, change) => {
    const { fixed, problems } = await normaliseNotebook(notebookOf(cell));
    expect(fixed).toContain(change);
    expect(problems).toEqual([]);
  });

  test("normaliseNotebook() leaves an id that two cells have to the first", async () => {
    const notebook = notebookOf({}, {}, { id: "b" });
    const { fixed } = await normaliseNotebook(notebook);
    expect(fixed).toContain("cell 2 given an id (a was there twice)");
    const ids = notebook.cells.map((cell) => cell.id);
    expect([ids[0], ids[2], new Set(ids).size]).toEqual(["a", "b", 3]);
  });

  test("normaliseNotebook() removes a front end's metadata, and keeps the course's and tags", async () => {
    const metadata = { course: { role: "demo" }, tags: ["raises-exception"], collapsed: true };
    const notebook = notebookOf({ metadata });
    notebook.raw.metadata = { widgets: {}, kernelspec: { name: "python3" } };
    expect((await normaliseNotebook(notebook)).fixed).toContain("metadata normalised");
    expect(notebook.cells[0].metadata).toEqual({ course: { role: "demo" }, tags: ["raises-exception"] });
    expect(notebook.raw.metadata).toMatchObject({ kernelspec: { name: "tslab" } });
    expect(notebook.raw.metadata).not.toHaveProperty("widgets");
  });

  test("normaliseNotebook() does not change text", async () => {
    const source = ["*  a\n", "|x|\n", "|-|"];
    const notebook = notebookOf({ cell_type: "markdown", source });
    await normaliseNotebook(notebook);
    expect(notebook.cells[0].source).toEqual(source);
  });

  test.each([
    ["code that does not parse", { source: ["const = 1"] }, /^cell 1 \(a\) does not parse: /],
    ["code without a role", { metadata: {} }, /is code with no role/],
    [
      "a solution that is still in",
      { metadata: { course: { role: "exercise", exercise: "getNodes", mine: { source: "" } } } },
      /solutions -- out/,
    ],
  ])("normaliseNotebook() reports %s as a problem, and does not change it", async (_, cell, problem) => {
    const notebook = notebookOf(cell);
    const { problems } = await normaliseNotebook(notebook);
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(notebook.cells[0]).toMatchObject(cell);
  });
});
