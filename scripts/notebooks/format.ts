/**
 * Formats a lesson's notebook for the repository: formatted code, no outputs, only the course's metadata.
 *
 * It is written as JupyterLab writes it, so that opening and saving a lesson there changes no line.
 */
import { randomBytes } from "node:crypto";
import prettier from "prettier";
import ts from "typescript";
import {
  cellSource,
  courseRole,
  type Notebook,
  type NotebookCell,
  setCellSource,
} from "@course/lib/notebook";

/** What JupyterLab saves about the kernel. */
const METADATA = {
  kernelspec: { display_name: "TypeScript", language: "typescript", name: "tslab" },
  language_info: {
    codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
    file_extension: ".ts",
    mimetype: "text/typescript",
    name: "typescript",
    version: "3.7.2",
  },
};
const CELL_METADATA = ["course", "tags"];

export interface Findings {
  /** The changes made, as in "outputs of 3 cells stripped". */
  fixed: string[];
  /** Problems that the author has to solve. */
  problems: string[];
}

/** Brings a lesson into the repository's format, in place. */
export async function normaliseNotebook(notebook: Notebook): Promise<Findings> {
  const problems = notebook.cells.flatMap((cell, index) => leftovers(cell, cellName(cell, index)));
  const fixed = [...addIds(notebook.cells), ...stripRuns(notebook.cells), ...tidyMetadata(notebook)];
  for (const [index, cell] of notebook.cells.entries()) {
    if (cell.cell_type !== "code") continue;
    try {
      const source = await formatCell(cellSource(cell));
      if (source !== cellSource(cell)) fixed.push(`${cellName(cell, index)} formatted`);
      setCellSource(cell, source);
    } catch (error) {
      problems.push(`${cellName(cell, index)} does not parse: ${firstLine(error)}`);
    }
  }
  notebook.raw.nbformat_minor = 5;
  notebook.raw = sortKeys(notebook.raw) as Notebook["raw"];
  notebook.cells = notebook.raw.cells;
  notebook.indent = " ";
  return { fixed, problems };
}

/**
 * Returns a cell's code as prettier writes it.
 *
 * A last expression without a semicolon keeps none: so a notebook marks the value that it shows.
 */
export async function formatCell(source: string): Promise<string> {
  // The settings of the code: a stub's long `throw` stays one line, since its text says "replace this line".
  const options = await prettier.resolveConfig(__filename);
  const code = (await prettier.format(source, { ...options, parser: "typescript" })).trimEnd();
  return endsInBareValue(source) && code.endsWith(";") ? code.slice(0, -1) : code;
}

/** Returns the name of a cell in messages: `cell 12 (api-undici)`. */
export function cellName(cell: NotebookCell, index: number): string {
  return cell.id ? `cell ${index + 1} (${cell.id})` : `cell ${index + 1}`;
}

function endsInBareValue(source: string): boolean {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022);
  const last = file.statements.at(-1);
  return last !== undefined && ts.isExpressionStatement(last) && !last.getText(file).endsWith(";");
}

function leftovers(cell: NotebookCell, name: string): string[] {
  if (course(cell)?.mine !== undefined) {
    return [
      `${name} holds a reference solution: \`npm run solutions -- out\` brings the learner's own cell back`,
    ];
  }
  if (cell.cell_type !== "code" || courseRole(cell)) return [];
  return [`${name} is code with no role in the course: give it one in metadata.course.role, or take it out`];
}

function addIds(cells: NotebookCell[]): string[] {
  const seen = new Set<string>();
  return cells.flatMap((cell, index) => {
    const { id } = cell;
    const isGood = id !== undefined && !seen.has(id);
    if (!isGood) cell.id = randomBytes(4).toString("hex");
    seen.add(cell.id!);
    return isGood ? [] : [`cell ${index + 1} given an id (${id ? `${id} was there twice` : "it had none"})`];
  });
}

function stripRuns(cells: NotebookCell[]): string[] {
  const code = cells.filter((cell) => cell.cell_type === "code");
  const ran = code.filter((cell) => cell.outputs?.length || typeof cell.execution_count === "number");
  for (const cell of code) Object.assign(cell, { outputs: [], execution_count: null });
  return ran.length ? [`outputs of ${ran.length} cell${ran.length === 1 ? "" : "s"} stripped`] : [];
}

function tidyMetadata({ raw, cells }: Notebook): string[] {
  const before = JSON.stringify(sortKeys([raw.metadata, cells.map((cell) => cell.metadata)]));
  raw.metadata = structuredClone(METADATA);
  for (const cell of cells) {
    const kept = Object.entries(cell.metadata ?? {}).filter(([key]) => CELL_METADATA.includes(key));
    cell.metadata = Object.fromEntries(kept);
  }
  const after = JSON.stringify(sortKeys([raw.metadata, cells.map((cell) => cell.metadata)]));
  return before === after ? [] : ["metadata normalised"];
}

function course(cell: NotebookCell): Record<string, unknown> | undefined {
  return cell.metadata?.course as Record<string, unknown> | undefined;
}

/** Returns a copy with the keys of all objects in alphabetical order, as Jupyter saves them. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}

function firstLine(error: unknown): string {
  return (error as Error).message.split("\n")[0];
}
