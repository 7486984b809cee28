/** Messages of the process that compiles cells: see compile-process.ts. */
import type { CompiledNotebook } from "./between/compiled";
import type { CompileJob } from "./compile-cells";

export interface CompileRequest extends CompileJob {
  /** A file that has what was compiled before, and gets what is compiled. All requests name the same. */
  store?: string;
}

export type ChildMessage =
  | { kind: "ready" }
  /** The compiler is loaded, which takes longer than a cell. */
  | { kind: "starting" }
  | { kind: "cell"; position: number }
  | { kind: "compiled"; notebook: CompiledNotebook };
