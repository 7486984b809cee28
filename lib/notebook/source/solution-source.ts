/**
 * The TypeScript source of a solution, cut out of the library so that it runs as a cell.
 *
 * The function comes with the functions it calls, if they are of its file or not exported by `@course/lib`,
 * and with imports for its other names, unless the lesson's setup cell imports them already.
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
  const shown: LibraryFunction[] = [{ source, node: source.functions.get(id)! }];
  const imported = new Map<string, Set<string>>();
  // The list grows as helpers are found.
  for (const one of shown) {
    for (const name of outerNames(one.node)) {
      if (known.has(name)) continue;
      const helper = findHelper(one.source, name);
      if (!helper) addImport(imported, one.source, name);
      else if (!shown.some(({ node }) => node === helper.node)) shown.push(helper);
    }
  }
  return [...importLines(imported), ...shown.map(functionText)].join("\n\n");
}

interface LibraryFunction {
  source: Source;
  node: ts.FunctionDeclaration;
}

/** A function that is shown beside the solution: one of the same file, or one that a cell could not import. */
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
  /** Where a name was imported from, and how. */
  imports: Map<string, { from: string; isDefault: boolean }>;
  /** Everything else that the file declares at its top. */
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

/** Notes an import for a name that the source imports or declares; other names are JavaScript's own. */
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

/** The names that a cell can import from `@course/lib`. */
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

/** A function with its docstring, as a cell declares it. */
function functionText({ source: { file }, node }: LibraryFunction): string {
  const comments = file.text.slice(node.getStart(file, true), node.getStart(file));
  const docs = comments.slice(comments.lastIndexOf("\n\n") + 1).trimStart(); // not the opening of the file
  return docs + node.getText(file).replace(/^export /, "");
}

/** The names that the setup cell of a lesson imports; none where there is no such notebook. */
function setupNames(notebook: string): string[] {
  const file = path.join(NOTEBOOKS, `${notebook}.ipynb`);
  if (!existsSync(file)) return [];
  const setup = readNotebook(file).cells.find((cell) => courseRole(cell) === "setup");
  return setup ? [...parseSource(cellSource(setup), "setup.ts").imports.keys()] : [];
}
