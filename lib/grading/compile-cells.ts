/**
 * Compiles a notebook's cells as the kernel does, without running them: with the kernel's own converter, each
 * cell on top of the types that the cells above it declare.
 *
 * https://github.com/yunabe/tslab, `src/converter.ts` and `src/executor.ts`
 */
import type { Converter, Diagnostic } from "tslab/dist/converter";
import { getCodeMetadata } from "tslab/dist/metadata";
import { placesIn } from "../kernel/compiler";
import type { CompiledCell, CompiledNotebook, Piece } from "./between/compiled";
import { neededCells, type NeededCell, type SourceCell, sourceToRun } from "./needs";
import { splitDeclarations } from "./split-declarations";

/** What to compile: the cells of a notebook, in order, and the exercises that are graded in it. */
export interface CompileJob {
  cells: SourceCell[];
  ids: string[];
}

/** What the converter made of a source on top of declarations. */
export interface Converted {
  piece: Piece | string;
  declarations: string;
}

/** A place for what was compiled that lasts: see compiled-store.ts. */
interface CellStore {
  get(source: string): Converted | undefined;
  add(source: string, converted: Converted): void;
}

/** The largest number of characters in the keys of what is remembered: some 20,000 cells. */
const MOST_REMEMBERED = 100_000_000;

/**
 * Compiles notebooks one after the other, with one converter.
 *
 * Most cells of a class are the same for everybody, on top of the same declarations: each is compiled once.
 */
export class NotebookCompiler {
  private readonly remembered = new Map<string, Converted>();
  private rememberedLength = 0;
  /**
   * By path. Kept for all notebooks: the converter returns each file once, and several notebooks may import
   * it.
   */
  private readonly sideOutputs = new Map<string, string>();
  private declarations = "";
  private created: Converter | undefined;

  /**
   * @param createConverter Called when the first cell is met that was not compiled before.
   * @param store Has what was compiled before.
   */
  constructor(
    private readonly createConverter: () => Converter,
    private readonly store?: CellStore,
  ) {}

  /** Compiles a notebook's cells in order. Calls `onCell` before each. */
  async compile(
    { cells, ids }: CompileJob,
    onCell: (position: number) => Promise<void> = async () => {},
  ): Promise<CompiledNotebook> {
    this.declarations = "";
    const compiled: CompiledCell[] = [];
    for (const cell of neededCells(cells, ids)) {
      await onCell(cell.position);
      compiled.push(this.compileCell(cell));
    }
    const sideOutputs = [...this.sideOutputs].map(([path, data]) => ({ path, data }));
    return { cells: compiled, sideOutputs };
  }

  private compileCell(cell: NeededCell): CompiledCell {
    const { position, source, whole, statements, run, neededBy, uses } = cell;
    const standIns = statements.flatMap(({ standsInFor }) => standsInFor ?? []);
    const declares = run.flatMap(({ values }) => values);
    const named = { position, source, whole, declares, neededBy, uses, standIns };
    const compiled: CompiledCell = { ...named, pieces: [] };
    if (statements.length === 0) return compiled;
    try {
      if (cell.whole) this.compileWhole(compiled);
      else this.compileNeeded(compiled, cell);
    } catch (error) {
      compiled.problem = `the compiler gave up: ${(error as Error).message}`;
    }
    if (compiled.problem) this.declareAsAny(statements.flatMap(({ values }) => values));
    return compiled;
  }

  private compileWhole(cell: CompiledCell): void {
    const { module, mode } = getCodeMetadata(cell.source);
    if (mode === "browser") return;
    if (module) {
      cell.problem = problemOf(this.converter.addModule(module, cell.source), cell.source);
      return;
    }
    const piece = this.convert(cell.source);
    if (typeof piece === "string") cell.problem = piece;
    else cell.pieces.push(piece);
  }

  /**
   * Compiles what is needed of a cell. If the whole cell compiles, later cells see the types of all that it
   * declares; if it does not, the kernel runs nothing of it.
   */
  private compileNeeded(compiled: CompiledCell, cell: NeededCell): void {
    const { source, statements, run } = cell;
    const standIns = statements.filter(({ standsInFor }) => standsInFor !== undefined);
    if (!cell.isUsed) return;
    const whole = this.convert(source);
    if (run.length > 0) {
      const piece = typeof whole === "string" ? whole : this.convert(sourceToRun(cell));
      if (typeof piece === "string") compiled.problem = piece;
      else compiled.pieces.push(piece);
    }
    for (const { standsInFor, start, end } of standIns) {
      const piece = this.convert(source.slice(start, end));
      if (typeof piece !== "string") compiled.pieces.push({ ...piece, standInFor: standsInFor });
    }
  }

  /** Returns what the kernel would run, or why the source does not compile. */
  private convert(source: string): Piece | string {
    const { needed, others } = splitDeclarations(this.declarations, source);
    const { piece, declarations } = this.convertedOn(needed, source);
    if (typeof piece !== "string" || others === "") {
      this.declarations = others + declarations;
      return piece;
    }
    // It is told in the kernel's words why.
    const whole = this.convertedOn(this.declarations, source);
    this.declarations = whole.declarations;
    return whole.piece;
  }

  private convertedOn(declarations: string, source: string): Converted {
    const key = `${declarations}\0${source}`;
    return this.remembered.get(key) ?? this.recall(key) ?? this.convertAnew(declarations, source, key);
  }

  private get converter(): Converter {
    return (this.created ??= this.createConverter());
  }

  private convertAnew(declarations: string, source: string, key: string): Converted {
    const converted = this.converter.convert(declarations, source);
    const sideOutputs = converted.sideOutputs ?? [];
    for (const { path, data } of sideOutputs) this.sideOutputs.set(path, data);
    const problem = problemOf(converted.diagnostics, source);
    const { output, hasToplevelAwait, lastExpressionVar } = converted;
    const result = {
      piece: problem ?? { output, hasToplevelAwait, lastExpressionVar, lines: linesOf(output) },
      declarations: problem ? declarations : (converted.declOutput ?? ""),
    };
    // The converter gives a module that a cell imports once: who imports it next has to ask it.
    if (sideOutputs.length === 0 && this.sideOutputs.size === 0) {
      this.remember(key, result);
      this.store?.add(key, result);
    }
    return result;
  }

  /** Returns what the store has of a source, and remembers it. */
  private recall(key: string): Converted | undefined {
    const stored = this.store?.get(key);
    if (stored) this.remember(key, stored);
    return stored;
  }

  private remember(key: string, converted: Converted): void {
    if (this.rememberedLength > MOST_REMEMBERED) {
      this.remembered.clear();
      this.rememberedLength = 0;
    }
    this.remembered.set(key, converted);
    this.rememberedLength += key.length;
  }

  /** Declares the names of a cell that does not compile, so that later cells that mention them compile. */
  private declareAsAny(names: string[]): void {
    this.declarations += names.map((name) => `let ${name}: any;\n`).join("");
  }
}

function linesOf(javaScript = ""): number[] {
  const place = placesIn(javaScript);
  return javaScript.split("\n").map((line, i) => place(i + 1, line.search(/\S|$/) + 1)?.line ?? 0);
}

function problemOf(diagnostics: Diagnostic[], source: string): string | undefined {
  const [first] = diagnostics;
  if (!first) return undefined;
  const line = source.split("\n")[first.start.line]?.trim() ?? "";
  const where = first.fileName ? `${first.fileName}, line` : "line";
  const code = first.fileName ? "" : `\n  ${line}`;
  return `${where} ${first.start.line + 1}: ${first.messageText}${code}`;
}
