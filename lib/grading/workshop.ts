/**
 * What several calls of `grade` share: the process that compiles notebooks, and the bound on how many run at once.
 *
 * One process compiles all notebooks that have no modules beside them: what is the same for everybody is compiled once.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pLimit, { type Limit } from "p-limit";
import { LIB } from "../util/paths";
import type { CompiledNotebook } from "./between/compiled";
import type { CompileJob } from "./compile-cells";
import { CompiledStore } from "./compiled-store";
import { Compiler, NEVER_FINISHED, startAhead } from "./compiler";

/** Largest number of notebooks that run at once. Most of the time they wait for peers that are slow on purpose. */
const MAX_RUNS = 4;
/** An empty folder of the course's, in which nothing is found but the course's packages. */
const EMPTY = path.join(LIB, "..", ".course", "compile");
/** What was compiled: see compiled-store.ts. The folder may be removed at any time. */
export const COMPILED = path.join(LIB, "..", ".course", "compiled-cells");
const CELLS = path.join(COMPILED, "cells.jsonl");
const NOTEBOOKS = path.join(COMPILED, "notebooks.jsonl");
/** Largest file of compiled notebooks, in bytes: some 400 of them. */
const MAX_BYTES = 12e6;
/**
 * What in a folder no cell can import. The editor's settings lie beside the lessons: cells are compiled
 * without them.
 */
const NO_MODULE = /\.(ipynb|md|csv|txt|png|svg|jsonl|duckdb)$|^\.ipynb_checkpoints$|^tsconfig\.json$/;

/**
 * Starts what will compile notebooks, while the caller prepares the rest. `endAll` ends it, should nobody need it.
 *
 * @param isClass Whether they are a class's. Of others those that were compiled before are kept, and most have not
 * changed: then it starts when it is needed.
 */
export function prepareToCompile({ isClass }: { isClass: boolean }): void {
  if (!isClass && fs.existsSync(NOTEBOOKS)) return;
  const folder = emptyFolder("");
  if (folder !== "") startAhead(folder);
}

export class Workshop {
  /** How many notebooks run at once. */
  readonly most = Math.min(2 * os.availableParallelism(), MAX_RUNS);
  private readonly limit: Limit = pLimit(this.most);
  private lastAlone: Promise<unknown> = Promise.resolve();
  private readonly compilers = new Map<string, Compiler>();
  /** Opened when it is needed; undefined if there cannot be one. */
  private notebooks: CompiledStore<CompiledNotebook> | undefined | null = null;

  /**
   * @param isWeak Whether learners' code could write to the course's files: then nothing compiled is kept there.
   * @param isClass Whether the notebooks are a class's: those are too many to be kept, and their cells will do.
   */
  constructor(
    private readonly isWeak: boolean,
    private readonly isClass: boolean,
  ) {}

  /** Runs a notebook when there is room. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.limit(work);
  }

  /** Runs a notebook while no other runs. */
  runAlone<T>(work: () => Promise<T>): Promise<T> {
    const alone = this.lastAlone.then(() => this.withAllRoom(work));
    this.lastAlone = alone.catch(() => {});
    return alone;
  }

  private async withAllRoom<T>(work: () => Promise<T>): Promise<T> {
    let leave = (): void => {};
    const left = new Promise<void>((resolve) => (leave = resolve));
    const entered = Array.from(
      { length: this.most },
      () => new Promise<void>((resolve) => void this.limit(() => (resolve(), left))),
    );
    try {
      await Promise.all(entered);
      return await work();
    } finally {
      leave();
    }
  }

  /** Compiles a notebook of a folder, unless it was compiled before and is kept. */
  async compile(folder: string, job: CompileJob): Promise<CompiledNotebook> {
    const place = hasModules(folder, job) ? folder : emptyFolder(folder);
    const keeps = !this.isWeak && place === EMPTY;
    if (!keeps || this.isClass) return this.compilerOf(place, keeps).compile(job);
    if (this.notebooks === null) this.notebooks = CompiledStore.open(NOTEBOOKS, MAX_BYTES);
    const source = JSON.stringify(job);
    const kept = this.notebooks?.get(source);
    if (kept) return kept;
    const compiled = await this.compilerOf(place, keeps).compile(job);
    if (compiled.cells.every(({ problem }) => problem !== NEVER_FINISHED))
      this.notebooks?.add(source, compiled);
    return compiled;
  }

  private compilerOf(place: string, keepsCells: boolean): Compiler {
    const compiler = this.compilers.get(place) ?? new Compiler(place, keepsCells ? CELLS : undefined);
    this.compilers.set(place, compiler);
    return compiler;
  }

  /** Ends the process of a folder that has modules of its own. */
  leave(folder: string): void {
    this.compilers.get(folder)?.end();
    this.compilers.delete(folder);
  }

  /** Ends all processes. */
  end(): void {
    for (const folder of [...this.compilers.keys()]) this.leave(folder);
  }
}

/** Returns whether cells may import something of their folder, or of each other. */
function hasModules(folder: string, { cells }: CompileJob): boolean {
  return cells.some(({ source }) => source.includes("@module")) || hasFiles(folder);
}

function hasFiles(folder: string): boolean {
  return fs.readdirSync(folder).some((name) => !NO_MODULE.test(name));
}

/** Returns the empty folder; `otherwise`, if there is none and none can be made. */
function emptyFolder(otherwise: string): string {
  try {
    fs.mkdirSync(EMPTY, { recursive: true });
    return hasFiles(EMPTY) ? otherwise : EMPTY;
  } catch {
    return otherwise; // a course that cannot be written to
  }
}
