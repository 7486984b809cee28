/**
 * Compiles a notebook's cells as the kernel does, without running them: with the kernel's own converter, each
 * cell on top of the types that the cells above it declare.
 *
 * https://github.com/yunabe/tslab, `src/converter.ts` and `src/executor.ts`
 */
import type { ConvertResult, Converter, Diagnostic, SideOutput } from "tslab/dist/converter";
import { getCodeMetadata } from "tslab/dist/metadata";
import { type Declarations, declarationsOf } from "./declarations";

/** A code cell to compile. */
export interface SourceCell {
  /** Its number in the notebook, from 1, with cells of all kinds counted. */
  position: number;
  source: string;
  /** Whether the whole cell runs, or its declarations alone. */
  whole: boolean;
}

/** JavaScript that the kernel's executor can run. */
export interface Piece extends Pick<ConvertResult, "output" | "hasToplevelAwait" | "lastExpressionVar"> {
  /** The exercise whose function this takes from the library with `useSolution`, if it does. */
  standInFor?: string;
}

export interface CompiledCell {
  position: number;
  /** Names that the part of the cell that runs declares at its top level. */
  declares: string[];
  /** Exercises whose functions the cell takes from the library with `useSolution`. */
  standIns: string[];
  pieces: Piece[];
  /** Where and why the cell does not compile. */
  problem?: string;
}

export interface CompiledNotebook {
  cells: CompiledCell[];
  /** JavaScript of the learner's own `.ts` files and modules that the cells import. */
  sideOutputs: SideOutput[];
}

/** Compiles notebooks one after the other, with one converter. */
export class NotebookCompiler {
  /**
   * By path. Kept for all notebooks: the converter returns each file once, and several notebooks may import
   * it.
   */
  private readonly sideOutputs = new Map<string, string>();
  private declarations = "";

  constructor(private readonly converter: Converter) {}

  /** Compiles a notebook's cells in order. Calls `onCell` before each. */
  async compile(
    cells: SourceCell[],
    onCell: (position: number) => Promise<void> = async () => {},
  ): Promise<CompiledNotebook> {
    this.declarations = "";
    const compiled: CompiledCell[] = [];
    for (const cell of cells) {
      await onCell(cell.position);
      compiled.push(this.compileCell(cell));
    }
    const sideOutputs = [...this.sideOutputs].map(([path, data]) => ({ path, data }));
    return { cells: compiled, sideOutputs };
  }

  private compileCell({ position, source, whole }: SourceCell): CompiledCell {
    const found = declarationsOf(source);
    const standIns = found.standIns.map(({ exercise }) => exercise);
    const declares = whole ? found.names : declarationsOf(found.source).names;
    const cell: CompiledCell = { position, declares, standIns, pieces: [] };
    if (!found.hasCode) return cell;
    try {
      if (whole) this.compileWhole(cell, source);
      else this.compileDeclarations(cell, source, found);
    } catch (error) {
      cell.problem = `the compiler gave up: ${(error as Error).message}`;
    }
    if (cell.problem) this.declareAsAny(found.names);
    return cell;
  }

  private compileWhole(cell: CompiledCell, source: string): void {
    const { module, mode } = getCodeMetadata(source);
    if (mode === "browser") return;
    if (module) {
      cell.problem = problemOf(this.converter.addModule(module, source), source);
      return;
    }
    const piece = this.convert(source);
    if (typeof piece === "string") cell.problem = piece;
    else cell.pieces.push(piece);
  }

  /**
   * Compiles the declarations of a cell. If the whole cell compiles, later cells see the types of all that it
   * declares.
   */
  private compileDeclarations(cell: CompiledCell, source: string, found: Declarations): void {
    if (found.names.length === 0 && found.source === "") return;
    const whole = this.convert(source);
    if (found.source) {
      const piece = this.convert(found.source);
      if (typeof piece === "string") cell.problem = typeof whole === "string" ? whole : piece;
      else cell.pieces.push(piece);
    }
    for (const { exercise, source } of found.standIns) {
      const piece = this.convert(source);
      if (typeof piece !== "string") cell.pieces.push({ ...piece, standInFor: exercise });
    }
  }

  /** Returns what the kernel would run, or why the source does not compile. */
  private convert(source: string): Piece | string {
    const converted = this.converter.convert(this.declarations, source);
    for (const { path, data } of converted.sideOutputs ?? []) this.sideOutputs.set(path, data);
    const problem = problemOf(converted.diagnostics, source);
    if (problem) return problem;
    this.declarations = converted.declOutput ?? "";
    const { output, hasToplevelAwait, lastExpressionVar } = converted;
    return { output, hasToplevelAwait, lastExpressionVar };
  }

  /** Declares the names of a cell that does not compile, so that later cells that mention them compile. */
  private declareAsAny(names: string[]): void {
    this.declarations += names.map((name) => `let ${name}: any;\n`).join("");
  }
}

function problemOf(diagnostics: Diagnostic[], source: string): string | undefined {
  const [first] = diagnostics;
  if (!first) return undefined;
  const line = source.split("\n")[first.start.line]?.trim() ?? "";
  const where = first.fileName ? `${first.fileName}, line` : "line";
  const code = first.fileName ? "" : `\n  ${line}`;
  return `${where} ${first.start.line + 1}: ${first.messageText}${code}`;
}
