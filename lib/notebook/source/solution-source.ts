/**
 * Cuts the TypeScript source of a solution out of the library, so that it runs as a cell.
 *
 * The text includes what the solution needs and a cell cannot import: functions of its own file, and
 * functions, classes, types and constants that `@course/lib` does not export. Other names are imported,
 * unless the lesson's setup cell imports them.
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
  const shown: Declaration[] = [{ source: main, node: main.declarations.get(id)! }];
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
  return [...importLines(imported), ...shown.map(declarationText)].join("\n\n");
}

/** A top-level statement of the library that declares something. */
interface Declaration {
  source: Source;
  node: ts.Statement;
}

/** Finds what to show beside the solution: a function of the same file, or what a cell cannot import. */
function findHelper(source: Source, name: string): Declaration | undefined {
  const node = source.declarations.get(name);
  if (node && typescript().isFunctionDeclaration(node)) return { source, node };
  if (publicNames().has(name)) return undefined;
  if (node) return { source, node };
  const from = source.imports.get(name)?.from;
  if (!from?.startsWith(".")) return undefined;
  const other = readSource(`${path.join(path.dirname(source.file.fileName), from)}.ts`);
  const elsewhere = other.declarations.get(name);
  return elsewhere && { source: other, node: elsewhere };
}

interface Source {
  file: ts.SourceFile;
  /** The statements that declare names at the top level, by name. */
  declarations: Map<string, ts.Statement>;
  /** The module that a name is imported from, and the name that it has there. */
  imports: Map<string, { from: string; original: string }>;
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
  const source: Source = { file, declarations: new Map(), imports: new Map() };
  for (const statement of file.statements) {
    if (t.isImportDeclaration(statement)) addImports(source, statement);
    else topLevelNames(statement).forEach((name) => source.declarations.set(name, statement));
  }
  return source;
}

/** Returns the names that a statement declares at the top level. */
function topLevelNames(statement: ts.Statement): string[] {
  const t = typescript();
  if (t.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      t.isIdentifier(name) ? [name.text] : [...declaredNames(name)],
    );
  }
  const { name } = statement as ts.Statement & { name?: ts.Identifier };
  return name ? [name.text] : [];
}

function addImports(source: Source, { importClause, moduleSpecifier }: ts.ImportDeclaration): void {
  const from = (moduleSpecifier as ts.StringLiteral).text;
  if (importClause?.name) source.imports.set(importClause.name.text, { from, original: "default" });
  const bindings = importClause?.namedBindings;
  if (bindings && typescript().isNamedImports(bindings)) {
    bindings.elements.forEach(({ name, propertyName }) =>
      source.imports.set(name.text, { from, original: (propertyName ?? name).text }),
    );
  }
}

/** Adds an import for a name that the source imports or declares. Other names are JavaScript's own. */
function addImport(clauses: Map<string, Set<string>>, source: Source, name: string): void {
  const imported = source.imports.get(name);
  if (!imported && !source.declarations.has(name)) return;
  const from = imported && !imported.from.startsWith(".") ? imported.from : "@course/lib";
  const { original = name } = imported ?? {};
  const clause = original === name ? name : `${original} as ${name}`;
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

/** Returns a declaration with its docblock, as a cell has it. */
function declarationText({ source: { file }, node }: Declaration): string {
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
