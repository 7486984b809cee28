/** Messages of the process that compiles cells: see compile-process.ts. */
import type { CompiledNotebook } from "./compile-cells";

export type ChildMessage =
  { kind: "ready" } | { kind: "cell"; position: number } | { kind: "compiled"; notebook: CompiledNotebook };
