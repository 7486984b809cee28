/** Messages between the grader and the processes that it starts. */
import type { GradedCheck } from "./result";
import type { CompiledNotebook, Piece } from "./compile-cells";
import type { SideOutput } from "tslab/dist/converter";

/** A child prints it where its cells' output ends and that of the checks begins. */
export const MARK = "\u0000\u0001checking\u0001\u0000";

/** What a child is to run. */
export interface ExerciseJob {
  exercise: string;
  cells: { position: number; pieces: Piece[]; limitMs: number }[];
  sideOutputs: SideOutput[];
  /** Exercises whose own cells could not be run: the library's functions stand in for them. */
  standIns: string[];
}

/** Something that went wrong in the background, and in what: a cell, or the check. */
export interface Stray {
  /** The cell that started it; undefined if it was the exercise's check. */
  position?: number;
  text: string;
}

export type ChildMessage =
  | { kind: "ready" }
  | { kind: "beat" }
  | { kind: "cell"; position: number }
  | { kind: "compiled"; notebook: CompiledNotebook }
  | { kind: "cellFailed"; position: number; text: string; slow: boolean }
  | { kind: "checking" }
  | { kind: "exit"; position?: number }
  | { kind: "verdict"; verdict: ChildVerdict };

export interface ChildVerdict {
  status: "solved" | "untouched" | "failed" | "missing" | "crashed";
  checks: GradedCheck[];
  /** The answer is the library's own function. */
  isLibrarys: boolean;
}
