/** Messages between the grader and its child processes. */
import type { CheckResult } from "../checks/run-checks";
import type { CompiledNotebook, Piece } from "./compile-cells";
import type { SideOutput } from "tslab/dist/converter";

/** A child prints this between the output of its cells and the output of the checks. */
export const MARK = "\u0000\u0001checking\u0001\u0000";

/** A cell to run. */
export interface JobCell {
  position: number;
  source: string;
  whole: boolean;
  pieces: Piece[];
  /** The names of it that the answer needs. */
  needs: string[];
  limitMs: number;
}

/** The request to a child that grades one exercise. */
export interface ExerciseJob {
  exercise: string;
  cells: JobCell[];
  sideOutputs: SideOutput[];
  /** Exercises whose own cells cannot run: the library's functions are used instead. */
  standIns: string[];
}

export type ChildMessage =
  | { kind: "ready" }
  | { kind: "heartbeat" }
  | { kind: "cell"; position: number }
  | { kind: "compiled"; notebook: CompiledNotebook }
  | { kind: "cellFailed"; position: number; text: string; slow: boolean; missing: string[] }
  | { kind: "checking" }
  | { kind: "exit"; position?: number }
  | { kind: "verdict"; verdict: ChildVerdict };

export interface ChildVerdict {
  status: "solved" | "untouched" | "failed" | "missing" | "crashed";
  checks: CheckResult[];
  /** Whether the answer is the library's own function. */
  isLibrarySolution: boolean;
}
