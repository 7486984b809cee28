/**
 * The TypeScript source of a solution, cut out of the library so that it runs as a cell.
 *
 * The function comes with those functions of its file that it stands on, and with imports for its
 * other names, so far as the lesson's setup cell does not bring them in already.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type ts from "typescript";
import { type ExerciseId, exercises } from "../../exercises/exercises";
import type { Exercise } from "../../checks/exercise";
import { LIB } from "../../util/paths";
import { cellSource, courseRole, readNotebook } from "./notebook-file";
import { declaredNames, outerNames, typescript } from "./identifiers";

const NOTEBOOKS = path.join(LIB, "..", "notebooks");

/** The source of an exercise's solution, to be read or run in a cell after the lesson's setup cell. */
export function solutionSource(id: ExerciseId): string {
  const exercise: Exercise = exercises[id];
  const source = readSource(path.join(LIB, exercise.source));
  const known = new Set([...Object.keys(exercises), "BITNODES_URL", ...setupNames(exercise.notebook)]);
  known.delete(id);
  const functions = [source.functions.get(id)!];
  const missing = new Set<string>();
  for (const one of functions) {
    for (const name of outerNames(one)) {
      const helper = source.functions.get(name);
      if (known.has(name)) continue;
      if (!helper) missing.add(name);
      else if (!functions.includes(helper)) functions.push(helper);
    }
  }
  return [...importLines(source, missing), ...functions.map((one) => functionText(source, one))].join("\n\n");
}

interface Source {
  file: ts.SourceFile;
  functions: Map<string, ts.FunctionDeclaration>;
  /** Where a name was imported from, and how. */
  imports: Map<string, { from: string; isDefault: boolean }>;
  /** Everything else that the file declares at its top. */
  others: Set<string>;
}

function readSource(file: string): Source {
  return parseSource(readFileSync(file, "utf8"));
}

function parseSource(text: string): Source {
  const t = typescript();
  const file = t.createSourceFile("source.ts", text, t.ScriptTarget.ES2022, true);
  const source: Source = { file, functions: new Map(), imports: new Map(), others: new Set() };
  for (const statement of file.statements) {
    if (t.isFunctionDeclaration(statement) && statement.name) {
      source.functions.set(statement.name.text, statement);
    } else if (t.isImportDeclaration(statement)) {
      addImports(source, statement);
    } else {
      declaredNames(statement).forEach((name) => source.others.add(name));
    }
  }
  return source;
}

function addImports(source: Source, { importClause, moduleSpecifier }: ts.ImportDeclaration): void {
  const from = (moduleSpecifier as ts.StringLiteral).text;
  if (importClause?.name) source.imports.set(importClause.name.text, { from, isDefault: true });
  const bindings = importClause?.namedBindings;
  if (bindings && typescript().isNamedImports(bindings)) {
    bindings.elements.forEach(({ name }) => source.imports.set(name.text, { from, isDefault: false }));
  }
}

/** Imports for those of the names that the source's file imports or declares; the rest are JavaScript's own. */
function importLines(source: Source, names: Set<string>): string[] {
  const clauses = new Map<string, string[]>();
  for (const name of [...names].sort()) {
    const imported = source.imports.get(name);
    if (!imported && !source.others.has(name)) continue;
    const from = imported && !imported.from.startsWith(".") ? imported.from : "@course/lib";
    clauses.set(from, [...(clauses.get(from) ?? []), imported?.isDefault ? `default as ${name}` : name]);
  }
  const lines = [...clauses].map(([from, list]) => `import { ${list.join(", ")} } from "${from}";`);
  return lines.length === 0 ? [] : [lines.join("\n")];
}

/** A function with its docstring, as a cell declares it. */
function functionText({ file }: Source, node: ts.FunctionDeclaration): string {
  const comments = file.text.slice(node.getStart(file, true), node.getStart(file));
  const docs = comments.slice(comments.lastIndexOf("\n\n") + 1).trimStart(); // not the opening of the file
  return docs + node.getText(file).replace(/^export /, "");
}

/** The names that the setup cell of a lesson imports; none where there is no such notebook. */
function setupNames(notebook: string): string[] {
  const file = path.join(NOTEBOOKS, `${notebook}.ipynb`);
  if (!existsSync(file)) return [];
  const setup = readNotebook(file).cells.find((cell) => courseRole(cell) === "setup");
  return setup ? [...parseSource(cellSource(setup)).imports.keys()] : [];
}
