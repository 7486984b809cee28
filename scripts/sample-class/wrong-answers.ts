/** Cuts wrong answers out of the sources of the exercises, as cells that a learner could have written. */
import type { Exercise } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { declaredNames, outerNames } from "@course/lib/grading";
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { root } from "../setup/paths";

interface WrongCell {
  /** What the answer does: "takes off every slash". */
  name: string;
  /** The check that must catch it. */
  caughtBy: string;
  source: string;
  /** Whether it changes what the library's own function returns: the grader then says that this did the work. */
  borrows: boolean;
}

/**
 * Returns what the library's function of an exercise is called in a cell: under its own name it would stand in
 * for what the learner wrote.
 */
function librarys(id: string): string {
  return `librarys${id[0].toUpperCase()}${id.slice(1)}`;
}

function isExercise(name: string): boolean {
  return Object.hasOwn(exercises, name);
}

/** Wrong answers that never finish in one of the other checks: the grader rightly stops them. */
const NEVER_FINISH = new Set(["divides the list into equal shares, one per worker"]);

/**
 * Returns the wrong answers of an exercise that a cell can hold: those whose helpers it can import or copy, and
 * that finish.
 */
export function wrongCells(exercise: Exercise): WrongCell[] {
  const { id, notebook, wrongAnswers } = exercise;
  const stem = id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const files = [`${stem}.ts`, `${stem}.wrong.ts`].map((name) =>
    path.join(root, "lib", "exercises", notebook, name),
  );
  const sources = files.filter((file) => fs.existsSync(file)).map(parse);
  return wrongAnswers.flatMap(({ name, caughtBy }) => {
    if (NEVER_FINISH.has(name)) return [];
    for (const source of sources) {
      const answer = answerNamed(source, name);
      const cell = answer && cellOf(exercise, answer, source);
      if (cell !== undefined) return [{ name, caughtBy, ...cell }];
    }
    return [];
  });
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
}

type Answer = ts.Expression | ts.MethodDeclaration;

/** Finds `{ name: "…", caughtBy: "…", answer … }` in a source. */
function answerNamed(source: ts.SourceFile, wanted: string): Answer | undefined {
  let found: Answer | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const property = (name: string) => node.properties.find((one) => one.name?.getText(source) === name);
      const name = property("name");
      const answer = property("answer");
      const isIt =
        name &&
        ts.isPropertyAssignment(name) &&
        ts.isStringLiteralLike(name.initializer) &&
        name.initializer.text === wanted;
      if (isIt && property("caughtBy") && answer) {
        if (ts.isMethodDeclaration(answer)) found ??= answer;
        else if (ts.isPropertyAssignment(answer)) found ??= answer.initializer;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Returns the cell, or undefined if it needs something that a cell cannot have. */
function cellOf(
  { id, source: file }: Exercise,
  answer: Answer,
  source: ts.SourceFile,
): Pick<WrongCell, "source" | "borrows"> | undefined {
  const home = moduleOf(id, file);
  if (home === undefined) return undefined;
  const shown: ts.Node[] = [];
  const imports = new Map([[home, new Set([`${id} as ${librarys(id)}`])]]);
  const pending: ts.Node[] = [answer];
  for (const node of pending) {
    for (const name of outerNames(node)) {
      const statement = source.statements.find((one) => !ts.isImportDeclaration(one) && declares(one, name));
      if (statement) {
        if (shown.includes(statement)) continue;
        shown.push(statement);
        pending.push(statement);
        continue;
      }
      const from = importedFrom(source, name);
      if (from === undefined) continue;
      if (from.startsWith(".") && name !== id && !isPublic(name)) return undefined;
      const module = name === id ? home : from.startsWith(".") ? "@course/lib" : from;
      const clause = isExercise(name) ? `${name} as ${librarys(name)}` : name;
      imports.set(module, (imports.get(module) ?? new Set()).add(clause));
    }
  }
  const lines = [...imports].map(
    ([from, names]) => `import { ${[...names].sort().join(", ")} } from "${from}";`,
  );
  const text = (node: ts.Node): string => renamed(node, source).replace(/^export /, "");
  const helpers = shown.sort((a, b) => a.pos - b.pos).map(text);
  const value = ts.isMethodDeclaration(answer)
    ? text(answer).replace(/^(async )?(\*?)answer/, "$1function$2 answer")
    : text(answer);
  return {
    source: [...lines, ...helpers, `const ${id}: typeof ${librarys(id)} = ${value};`].join("\n"),
    borrows: [...helpers, value].some((text) => new RegExp(`(?<!typeof )\\b${librarys(id)}\\b`).test(text)),
  };
}

/** Returns what a cell imports the library's function from: the library, or the room of its file. */
function moduleOf(id: string, file: string): string | undefined {
  if (isPublic(id)) return "@course/lib";
  const [room] = file.split("/");
  return exportsOf(room).has(id) ? `@course/lib/${room}` : undefined;
}

function declares(statement: ts.Statement, name: string): boolean {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.some(
      (one) =>
        declaredNames(one).has(name) &&
        one.name
          .getText()
          .match(/[\w$]+/g)
          ?.includes(name),
    );
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isClassDeclaration(statement);
  return isNamed && statement.name?.text === name;
}

/** Returns a node's text, in which the names of exercises mean the library's functions. */
function renamed(node: ts.Node, source: ts.SourceFile): string {
  const places: { at: number; name: string }[] = [];
  const visit = (inner: ts.Node): void => {
    const isProperty = ts.isPropertyAccessExpression(inner.parent) && inner.parent.name === inner;
    if (ts.isIdentifier(inner) && isExercise(inner.text) && !isProperty && importedFrom(source, inner.text))
      places.push({ at: inner.getStart(source), name: inner.text });
    ts.forEachChild(inner, visit);
  };
  visit(node);
  const start = node.getStart(source);
  let text = node.getText(source);
  for (const { at, name } of places.reverse())
    text = text.slice(0, at - start) + librarys(name) + text.slice(at - start + name.length);
  return text;
}

function importedFrom(source: ts.SourceFile, name: string): string | undefined {
  for (const statement of source.statements.filter(ts.isImportDeclaration)) {
    const bindings = statement.importClause?.namedBindings;
    const names =
      bindings && ts.isNamedImports(bindings) ? bindings.elements.map((one) => one.name.text) : [];
    if (statement.importClause?.name?.text === name) return "./default"; // never public
    if (names.includes(name)) return (statement.moduleSpecifier as ts.StringLiteral).text;
  }
  return undefined;
}

/** The names that the index of a room exports, and that of the library. */
const exported = new Map<string, Set<string>>();

function exportsOf(room: string): Set<string> {
  const known = exported.get(room);
  if (known) return known;
  const index = parse(path.join(root, "lib", room, "index.ts"));
  const names = new Set<string>();
  for (const statement of index.statements) {
    const clause = ts.isExportDeclaration(statement) ? statement.exportClause : undefined;
    if (clause && ts.isNamedExports(clause)) clause.elements.forEach(({ name }) => names.add(name.text));
  }
  exported.set(room, names);
  return names;
}

/** Returns whether a lesson can import a name from `@course/lib`. */
function isPublic(name: string): boolean {
  return exportsOf("").has(name);
}
