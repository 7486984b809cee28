/**
 * From a function to the source that it was written in, and to a copy of it that runs.
 *
 *  1. A function of the library stands in a file of lib/, from which its whole module is made anew.
 *  2. A function of a cell stands in that cell, whose source the kernel showed us (cell-sources.ts).
 *     The newest cell counts that compiles to what the function says of itself.
 *  3. Of any other there is the compiled code that `toString` gives: no types, no comments, but it runs.
 *
 * The copy of 2 and 3 sees the names of all cells, as the function itself does. It does not see
 * variables of a function around it; then an error says so.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { compileFunction } from "node:vm";
import type ts from "typescript";
import { kernelGlobals } from "../../checks/kernel-globals";
import type { AnyFunction } from "../../checks/exercise";
import { cellSources } from "../source/cell-sources";
import { outerNames, typescript } from "../source/identifiers";
import { CLOCK, instrumented } from "./instrument";
import { plainNames } from "../../checks/learner-line";
import { DIST, LIB } from "../../util/paths";
import type { LineClock } from "./line-clock";

/** A function in its source, and a way to make an instrumented copy of it. */
export interface FunctionSource {
  /** `lib/peer/handshake.ts`, `a cell`, or `compiled code`. */
  place: string;
  name: string;
  /** The whole text that it stands in, and the lines that are its own, counted from 1. */
  text: string;
  firstLine: number;
  lastLine: number;
  /** A copy that tells `clock` where it is. */
  copy(clock: LineClock): AnyFunction;
}

/** Where `fn` was written. Throws a TypeError if there is no source that a copy can be made of. */
export function functionSource(fn: unknown): FunctionSource {
  if (typeof fn !== "function")
    throw new TypeError(`expected a function, got ${typeof fn}: pass it by its name, without ()`);
  const text = Function.prototype.toString.call(fn);
  if (/\{\s*\[native code\]\s*\}$/.test(text)) {
    throw new TypeError(
      `${fn.name || "this function"} has no source: it is built in, or made by bind(). Pass the function that it calls.`,
    );
  }
  return (
    fromLibrary(fn as AnyFunction) ?? fromCell(fn as AnyFunction, text) ?? fromText(fn as AnyFunction, text)
  );
}

/** The source of the function `name` that is declared at the top of a text. Throws a TypeError if there is none. */
export function sourceInText(name: string, text: string): FunctionSource {
  const found = find(text, name);
  if (!found)
    throw new TypeError(`expected the declaration of a function ${name}, got none: a class, or a method?`);
  return fromDeclaration("a cell", name, text, found);
}

/** A function that a file of lib/ exports under its own name. */
function fromLibrary(fn: AnyFunction): FunctionSource | undefined {
  for (const [file, module] of Object.entries(require.cache)) {
    if (!file.startsWith(DIST + path.sep) || !exportsIt(module, fn)) continue;
    const source = path.join(LIB, path.relative(DIST, file).replace(/\.js$/, ".ts"));
    const text = existsSync(source) ? readFileSync(source, "utf8") : "";
    const found = find(text, fn.name);
    if (!found) continue; // it only hands on what another file exports
    const copy = (clock: LineClock): AnyFunction => {
      const module = { exports: {} as Record<string, AnyFunction> };
      const names = [CLOCK, "exports", "require", "module", "__filename", "__dirname"];
      const run = compileFunction(instrumented(text, isNode(found)), names, { filename: file });
      run(clock, module.exports, createRequire(file), module, file, path.dirname(file));
      return module.exports[fn.name];
    };
    return { place: `lib/${path.relative(LIB, source)}`, name: fn.name, text, ...linesOf(found), copy };
  }
  return undefined;
}

function exportsIt(module: NodeJS.Module | undefined, fn: AnyFunction): boolean {
  const exports = module?.exports as Record<string, unknown> | undefined;
  return exports?.[fn.name] === fn;
}

function fromCell(fn: AnyFunction, compiled: string): FunctionSource | undefined {
  const kernels = tokensOf(compiled);
  const candidates = cellSources().flatMap((text) => {
    const found = text.includes(fn.name) ? find(text, fn.name) : undefined;
    return found ? [{ text, found, ours: tokensOf(transpiled(found)) }] : [];
  });
  const same =
    candidates.find(({ ours }) => sameTokens(ours, kernels)) ??
    candidates.find(({ ours }) => sameWords(ours, kernels)); // the kernel rewrites how names of cells are assigned to
  return same && fromDeclaration("a cell", fn.name, same.text, same.found);
}

function fromText(fn: AnyFunction, compiled: string): FunctionSource {
  const name = fn.name || "anonymous";
  const text = `const ${name} = ${plainNames(compiled)}`;
  const found = find(text, name);
  if (!found)
    throw new TypeError(
      `expected a function that is declared by itself, got a class or a method: ${compiled.slice(0, 60)}`,
    );
  return fromDeclaration("compiled code", name, text, found);
}

/** A copy of a declaration that sees what all cells have declared, and the global names. */
function fromDeclaration(place: string, name: string, text: string, found: Found): FunctionSource {
  const { firstLine, lastLine } = linesOf(found);
  const alone = "\n".repeat(firstLine - 1) + codeOf(found);
  const node = find(alone, name)!;
  const copy = (clock: LineClock): AnyFunction => {
    const scope = kernelGlobals()?.exports ?? {};
    requireNames(name, transpiled(found), scope);
    const code = `with (scope) {\n${instrumented(alone, isNode(node))}\nreturn ${name};\n}`;
    return compileFunction(code, [CLOCK, "scope"])(clock, scope) as AnyFunction;
  };
  return { place, name, text, firstLine, lastLine, copy };
}

/** Throws a TypeError if the code needs a name that is neither a cell's nor JavaScript's. */
function requireNames(name: string, code: string, scope: object): void {
  const t = typescript();
  const names = outerNames(t.createSourceFile("copy.js", code, t.ScriptTarget.ES2022, true));
  const missing = [...names].filter((one) => one !== "arguments" && !(one in scope) && !(one in globalThis));
  if (missing.length === 0) return;
  throw new TypeError(
    `${name} uses ${missing.join(", ")}, which is neither a name of a cell nor of JavaScript, but of code around it. Profile a function that a cell, or a file of lib/, declares by itself.`,
  );
}

interface Found {
  file: ts.SourceFile;
  /** The function, and the variable that it is the value of, if it is one. */
  node: ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;
  variable?: string;
}

/** The function that is declared under `name` at the top of a source; the last one if there are more. */
function find(text: string, name: string): Found | undefined {
  const t = typescript();
  const file = t.createSourceFile("source.ts", text, t.ScriptTarget.ES2022, true);
  let found: Found | undefined;
  for (const statement of file.statements) {
    if (t.isFunctionDeclaration(statement) && statement.name?.text === name && statement.body)
      found = { file, node: statement };
    if (!t.isVariableStatement(statement)) continue;
    for (const { name: variable, initializer } of statement.declarationList.declarations) {
      if (!initializer || !t.isIdentifier(variable) || variable.text !== name) continue;
      if (t.isArrowFunction(initializer) || t.isFunctionExpression(initializer))
        found = { file, node: initializer, variable: name };
    }
  }
  return found;
}

/** Whether a node of another tree of the same text is the one that was found. */
function isNode({ node }: Found): (other: ts.Node) => boolean {
  return (other) => other.pos === node.pos && other.end === node.end && other.kind === node.kind;
}

function linesOf({ file, node }: Found): { firstLine: number; lastLine: number } {
  const lineAt = (place: number) => file.getLineAndCharacterOfPosition(place).line + 1;
  return { firstLine: lineAt(node.getStart(file)), lastLine: lineAt(node.end) };
}

/** The function as a declaration that can stand alone. */
function codeOf({ file, node, variable }: Found): string {
  const code = node.getText(file).replace(/^(export\s+)?(default\s+)?/, "");
  return variable === undefined ? code : `const ${variable} = ${code}`;
}

function transpiled(found: Found): string {
  const t = typescript();
  return t.transpileModule(codeOf(found), {
    compilerOptions: { target: t.ScriptTarget.ES2022, module: t.ModuleKind.ESNext },
  }).outputText;
}

/** Stands for a default import, whose name is not in compiled code. */
const ANY_NAME = "__any__";

/** The tokens of a piece of compiled code, without what tells a declaration, a value, and a name of another cell apart. */
function tokensOf(code: string): string[] {
  const t = typescript();
  const plain = plainNames(code.replace(/^const \w+ = /, "").replace(/\b\w+_\d+\.default\b/g, ANY_NAME));
  const scanner = t.createScanner(t.ScriptTarget.ES2022, true, t.LanguageVariant.Standard, plain);
  const tokens: string[] = [];
  while (scanner.scan() !== t.SyntaxKind.EndOfFileToken) tokens.push(scanner.getTokenText());
  while (tokens[tokens.length - 1] === ";") tokens.pop();
  return tokens;
}

function sameTokens(ours: string[], kernels: string[]): boolean {
  return (
    ours.length === kernels.length &&
    ours.every((token, i) => token === kernels[i] || kernels[i] === ANY_NAME)
  );
}

/** Whether two rows of tokens have the same names and values in them, however often. */
function sameWords(ours: string[], kernels: string[]): boolean {
  const words = (tokens: string[]) =>
    [...new Set(tokens)]
      .filter((token) => /^[\w"'`]/.test(token))
      .sort()
      .join(" ");
  return words(ours) === words(kernels);
}
