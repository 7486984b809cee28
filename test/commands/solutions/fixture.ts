/** A learner's copy of a lesson, in a folder of its own, with answers and outputs in it. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

export const MINE = "/** Mine. */\nfunction nodesToAddressStrings(nodes) {\n  return 'mine é ∞';\n}";

/** The cells: one exercise that was answered and run, another that was not, and a cell of the learner's own. */
export function learnerCells(): Record<string, unknown>[] {
  return [
    {
      cell_type: "code",
      execution_count: 7,
      id: "strings",
      metadata: { course: { exercise: "nodesToAddressStrings", role: "exercise" } },
      outputs: [{ name: "stdout", output_type: "stream", text: ["1\n"] }],
      source: MINE.match(/[^\n]*\n|[^\n]+/g)!,
    },
    {
      cell_type: "code",
      execution_count: null,
      id: "tuples",
      metadata: { collapsed: true, course: { role: "exercise", exercise: "nodesToAddressTuples" } },
      outputs: [],
      source: 'throw new Error("not yet");',
    },
    { cell_type: "code", execution_count: 8, id: "own", metadata: {}, outputs: [], source: ["1 + 1"] },
  ];
}

/** Writes the cells as `03-bitnodes-api.ipynb` in a fresh folder, and returns its path. */
export function writeLesson(cells: object[] = learnerCells(), indent: string | number = 1): string {
  const folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "solutions-")), "notebooks");
  fs.mkdirSync(folder);
  const file = path.join(folder, "03-bitnodes-api.ipynb");
  const notebook = { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
  fs.writeFileSync(file, `${JSON.stringify(notebook, null, indent)}\n`);
  return file;
}

/** Removes the folder of a lesson, copies and all. */
export function removeLesson(file: string): void {
  fs.rmSync(path.join(path.dirname(file), ".."), { recursive: true });
}

/** The cells of a lesson as they are in its file. */
export function readCells(file: string): Record<string, unknown>[] {
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { cells: Record<string, unknown>[] }).cells;
}
