/**
 * Finds the source of a function, and makes an instrumented copy that runs.
 *
 *  1. A function that a file of lib/ exports: its source is that file. The copy is made by compiling
 *     and running the whole file again.
 *  2. A function of a cell: its source is the newest cell that compiled and declares its name
 *     (source/cell-sources.ts).
 *  3. Any other function: its source is the compiled code that `toString` returns, without types and
 *     comments.
 *
 * The copy in 2 and 3 sees the names of all cells, as the function does. It does not see variables of
 * a function around it: then `copy` throws.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { compileFunction } from "node:vm";
import type ts from "typescript";
import type { AnyFunction } from "../../checks/exercise";
import { type Cell, kernel, kernelGlobals } from "../../kernel/kernel";
import { DIST, LIB } from "../../util/paths";
import { outerNames, typescript } from "../source/identifiers";
import { CLOCK, instrumented } from "./instrument";
import type { LineClock } from "./line-clock";

/** The source of a function, and a way to make an instrumented copy of it. */
export interface FunctionSource {
  /** `lib/peer/handshake.ts`, `a cell`, or `compiled code`. */
  place: string;
  name: string;
  /** The whole text of the cell or file. */
  text: string;
  /** The function's first line in `text`, from 1. */
  firstLine: number;
  lastLine: number;
  /**
   * Makes a copy of the function that reports its lines to `clock`.
   *
   * @throws TypeError if the function uses variables of a function around it.
   */
  copy(clock: LineClock): AnyFunction;
}

/**
 * Finds the source of `fn`.
 *
 * @throws TypeError if no copy can be made: `fn` is no function, built in, bound, a class or a method.
 */
export function functionSource(fn: unknown): FunctionSource {
  if (typeof fn !== "function")
    throw new TypeError(`expected a function, got ${typeof fn}: pass it by its name, without ()`);
  const text = Function.prototype.toString.call(fn);
  if (/\{\s*\[native code\]\s*\}$/.test(text)) {
    throw new TypeError(
      `${fn.name || "this function"} has no source: it is built in, or made by bind(). Pass the function that it calls.`,
    );
  }
  return fromLibrary(fn as AnyFunction) ?? fromCell(fn as AnyFunction) ?? fromText(fn as AnyFunction, text);
}

/** Finds the source of a function that a file of lib/ exports under its own name. */
function fromLibrary(fn: AnyFunction): FunctionSource | undefined {
  for (const [file, module] of Object.entries(require.cache)) {
    if (!file.startsWith(DIST + path.sep) || !exportsIt(module, fn)) continue;
    const source = path.join(LIB, path.relative(DIST, file).replace(/\.js$/, ".ts"));
    const text = existsSync(source) ? readFileSync(source, "utf8") : "";
    const found = find(text, fn.name);
    if (!found) continue; // this file re-exports the function
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

/**
 * Finds the source of a function of a cell: the newest cell that compiled and declares its name.
 *
 * Returns undefined if the name stands for another value now.
 */
function fromCell(fn: AnyFunction): FunctionSource | undefined {
  if (kernelGlobals()?.exports[fn.name] !== fn) return undefined;
  for (const { source: text } of compiledCells()) {
    const found = text.includes(fn.name) ? find(text, fn.name) : undefined;
    if (found) return fromDeclaration("a cell", fn.name, text, found);
  }
  return undefined;
}

/** Returns the cells that compiled, the newest first. One that failed while it ran has declared its functions. */
function compiledCells(): Cell[] {
  return [...(kernel()?.cells ?? [])].reverse().filter(({ status }) => status !== "not compiled");
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

/** Returns the source of a declaration, whose copy sees the names of all cells and the global names. */
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

/**
 * Checks that all names that the code uses are known.
 *
 * @throws TypeError if a name is neither a cell's nor JavaScript's.
 */
function requireNames(name: string, code: string, scope: object): void {
  const t = typescript();
  const names = outerNames(t.createSourceFile("copy.js", code, t.ScriptTarget.ES2022, true));
  const missing = [...names].filter(
    (used) => used !== "arguments" && !(used in scope) && !(used in globalThis),
  );
  if (missing.length === 0) return;
  throw new TypeError(
    `${name} uses ${missing.join(", ")}, which is neither a name of a cell nor of JavaScript, but of code around it. Profile a function that a cell, or a file of lib/, declares by itself.`,
  );
}

interface Found {
  file: ts.SourceFile;
  /** The function … */
  node: ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;
  /** … and the variable that it is the value of, unless it is a declaration itself. */
  variable?: string;
}

/** Finds the function that a source declares under `name` at its top level: the last one of several. */
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

/** Returns a test for the node that was found, in another syntax tree of the same text. */
function isNode({ node }: Found): (other: ts.Node) => boolean {
  return (other) => other.pos === node.pos && other.end === node.end && other.kind === node.kind;
}

function linesOf({ file, node }: Found): { firstLine: number; lastLine: number } {
  const lineAt = (position: number) => file.getLineAndCharacterOfPosition(position).line + 1;
  return { firstLine: lineAt(node.getStart(file)), lastLine: lineAt(node.end) };
}

/** Returns the function as a declaration of its own, without `export`. */
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

/** Removes what the compiler wrote around the names of imports and of other cells. */
function plainNames(code: string): string {
  return code
    .replace(/\(0, (?:\w+_\d+|exports)\.(?!default\b)(\w+)\)/g, "$1")
    .replace(/\b(?:\w+_\d+|exports)\.(?!default\b)(\w+)/g, "$1");
}
