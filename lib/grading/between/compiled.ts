/** A notebook as the compiler hands it over, and as a learner's process runs it. */
import type { ConvertResult, SideOutput } from "tslab/dist/converter";

/** JavaScript that the kernel's executor can run. */
export interface Piece extends Pick<ConvertResult, "output" | "hasToplevelAwait" | "lastExpressionVar"> {
  /** The exercise whose function this takes from the library with `useSolution`, if it does. */
  standInFor?: string;
  /** Which line of the cell each line of `output` came from, the first one being 1; 0 for none. */
  lines: number[];
}

export interface CompiledCell {
  position: number;
  source: string;
  /** Whether the whole cell runs, or only what an answer needs of it. */
  whole: boolean;
  /** Names that the part of the cell that runs declares at its top level. */
  declares: string[];
  /** Which of its names the answer of an exercise needs, by exercise. */
  neededBy: Record<string, string[]>;
  /** The names, of whichever cell, that the statements use which an answer needs. */
  uses: string[];
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
