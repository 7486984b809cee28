/** Messages of the process that compiles cells: see compile-process.ts. */
import type { CompiledNotebook } from "./compile-cells";

export type ChildMessage =
  | { kind: "ready" }
  /** The compiler is loaded, which takes longer than a cell. */
  | { kind: "starting" }
  | { kind: "cell"; position: number }
  | { kind: "compiled"; notebook: CompiledNotebook };
