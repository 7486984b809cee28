/** The messages between the grader, the judge and a learner's process. In the pipes each is a line of JSON. */
import type { Coded } from "./coded";
import type { CompiledNotebook, Piece } from "./compiled";
import type { Ask, Notice, Reply } from "./requests";

/** Between the two sides: see side.ts. */
export type SideMessage =
  { ask: number; request: Ask } | { reply: number; outcome: Reply } | { notice: Notice };

/** A cell to run. */
export interface JobCell {
  position: number;
  source: string;
  whole: boolean;
  pieces: Piece[];
  /** The names of it that the answers need. */
  needs: string[];
  limitMs: number;
}

/** The library's function for an exercise, and the source that it is in: `wire/packet.ts`. */
export interface LibraryFunction {
  id: string;
  source: string;
}

/** What a learner's process runs before anybody asks for its answers. */
export interface LearnerJob {
  cells: JobCell[];
  sideOutputs: CompiledNotebook["sideOutputs"];
  /** The exercises that are graded: a `useSolution` for them is left out. */
  exercises: LibraryFunction[];
  /** Exercises whose own cells cannot run: the library's functions are used instead. */
  standIns: LibraryFunction[];
  /** The names that the answers use. */
  uses: string[];
}

/** To a learner's process: its job, what to hand over, or what the judge says. */
export type ToLearner = { job: LearnerJob } | { begin: string } | SideMessage;

/** What a learner's process says of itself, to the grader. */
export type FromLearner =
  | { kind: "started" }
  | { kind: "heartbeat" }
  | { kind: "cell"; position: number }
  | { kind: "cellFailed"; position: number; text: string; slow: boolean; missing: string[] }
  | { kind: "cellsDone" }
  /** The answer to an exercise, and the place where it runs. */
  | { kind: "answer"; exercise: string; answer: Coded; place: Coded; isLibrarySolution: boolean }
  | { kind: "exit"; position?: number }
  | { kind: "uncaught"; exercise: string; text: string }
  | { kind: "usedSolution"; exercise: string };

/** Returns the text that marks, in what a learner's process prints, where the checks of an exercise begin. */
export function markOf(exercise: string): string {
  return `\u0000\u0001checking ${exercise}\u0001\u0000`;
}
