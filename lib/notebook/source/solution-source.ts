/**
 * Cuts the TypeScript source of a solution out of the library, so that it runs as a cell.
 *
 * The text includes the helper functions that the solution calls: those of its own file, and those
 * that `@course/lib` does not export. Other names are imported, unless the lesson's setup cell
 * imports them.
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

/** Returns the source of an exercise's solution. It runs in a cell after the lesson's setup cell. */
export function solutionSource(id: ExerciseId): string {
  const exercise: Exercise = exercises[id];
  const main = readSource(path.join(LIB, exercise.source));
  const known = new Set([...Object.keys(exercises), "BITNODES_URL", ...setupNames(exercise.notebook)]);
  known.delete(id);
  const shown: LibraryFunction[] = [{ source: main, node: main.functions.get(id)! }];
  const imported = new Map<string, Set<string>>();
  // `shown` grows while the loop finds helpers.
  for (const { source, node } of shown) {
    for (const name of outerNames(node)) {
      if (known.has(name)) continue;
      const helper = findHelper(source, name);
      if (!helper) addImport(imported, source, name);
      else if (!shown.some((other) => other.node === helper.node)) shown.push(helper);
    }
  }
  return [...importLines(imported), ...shown.map(functionText)].join("\n\n");
}

interface LibraryFunction {
  source: Source;
  node: ts.FunctionDeclaration;
}

/** Finds a function to show beside the solution: one of the same file, or one that a cell cannot import. */
function findHelper(source: Source, name: string): LibraryFunction | undefined {
  const node = source.functions.get(name);
  if (node) return { source, node };
  const from = source.imports.get(name)?.from;
  if (!from?.startsWith(".") || publicNames().has(name)) return undefined;
  const other = readSource(`${path.join(path.dirname(source.file.fileName), from)}.ts`);
  const elsewhere = other.functions.get(name);
  return elsewhere && { source: other, node: elsewhere };
}

interface Source {
  file: ts.SourceFile;
  functions: Map<string, ts.FunctionDeclaration>;
  /** The module that a name is imported from, and whether it is the default import. */
  imports: Map<string, { from: string; isDefault: boolean }>;
  /** The other names that the file declares at the top level. */
  others: Set<string>;
}

const sources = new Map<string, Source>();

function readSource(file: string): Source {
  const known = sources.get(file) ?? parseSource(readFileSync(file, "utf8"), file);
  sources.set(file, known);
  return known;
}

function parseSource(text: string, name: string): Source {
  const t = typescript();
  const file = t.createSourceFile(name, text, t.ScriptTarget.ES2022, true);
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

/** Adds an import for a name that the source imports or declares. Other names are JavaScript's own. */
function addImport(clauses: Map<string, Set<string>>, source: Source, name: string): void {
  const imported = source.imports.get(name);
  if (!imported && !source.others.has(name)) return;
  const from = imported && !imported.from.startsWith(".") ? imported.from : "@course/lib";
  const clause = imported?.isDefault ? `default as ${name}` : name;
  clauses.set(from, (clauses.get(from) ?? new Set()).add(clause));
}

function importLines(clauses: Map<string, Set<string>>): string[] {
  const lines = [...clauses].map(
    ([from, names]) => `import { ${[...names].sort().join(", ")} } from "${from}";`,
  );
  return lines.length === 0 ? [] : [lines.join("\n")];
}

/** Returns the names that a cell can import from `@course/lib`. */
function publicNames(): Set<string> {
  const t = typescript();
  const { file } = readSource(path.join(LIB, "index.ts"));
  const clauses = file.statements.filter(t.isExportDeclaration).map(({ exportClause }) => exportClause);
  return new Set(
    clauses.flatMap((clause) =>
      clause && t.isNamedExports(clause) ? clause.elements.map(({ name }) => name.text) : [],
    ),
  );
}

/** Returns a function with its docblock, as a cell declares it. */
function functionText({ source: { file }, node }: LibraryFunction): string {
  const comments = file.text.slice(node.getStart(file, true), node.getStart(file));
  const docs = comments.slice(comments.lastIndexOf("\n\n") + 1).trimStart(); // without the docblock of the file
  return docs + node.getText(file).replace(/^export /, "");
}

/** Returns the names that the setup cell of a lesson imports; none if there is no such notebook. */
function setupNames(notebook: string): string[] {
  const file = path.join(NOTEBOOKS, `${notebook}.ipynb`);
  if (!existsSync(file)) return [];
  const setup = readNotebook(file).cells.find((cell) => courseRole(cell) === "setup");
  return setup ? [...parseSource(cellSource(setup), "setup.ts").imports.keys()] : [];
}
