/**
 * Grades notebooks as they are saved, exactly as the kernel would run them.
 *
 * Nothing of a notebook runs in this process: its cells are compiled in one of their own, and each exercise is
 * run in another. What comes back is data.
 */
import os from "node:os";
import type { Exercise } from "../checks/exercise";
import { Compiler } from "./compiler";
import type { RunLimits } from "./exercise-run";
import { gradeNotebook, type GradedNotebook } from "./grade-notebook";
import { type ExerciseResult, type GradeResult, type Note, sumUp } from "./result";

export interface GradeOptions {
  /** The folder with the notebooks. `@course/lib` has to resolve from there. */
  folder: string;
  /** What to grade, in course order. */
  exercises: Exercise[];
  limits?: Partial<RunLimits>;
  /** Hears of each result as soon as it is there. */
  onResult?: (result: ExerciseResult) => void;
}

export interface Graded {
  result: GradeResult;
  notes: Note[];
  /** What the exercises' code printed while it was checked, by id. */
  outputs: Record<string, string>;
}

const LIMITS: RunLimits = { cellMs: 5000, busyMs: 5000 };
const MOST_AT_ONCE = 4;

/** The results of some exercises, whatever is in their notebooks. */
export async function grade({
  folder,
  exercises,
  limits,
  onResult = () => {},
}: GradeOptions): Promise<Graded> {
  const compiler = new Compiler(folder);
  const inTurn = limiter(Math.min(os.availableParallelism(), MOST_AT_ONCE));
  const shared = { folder, compiler, inTurn, onResult, limits: { ...LIMITS, ...limits } };
  try {
    const jobs = byNotebook(exercises).map((some) =>
      gradeNotebook({ ...shared, notebook: some[0].notebook, exercises: some }),
    );
    return together(await Promise.all(jobs));
  } finally {
    compiler.end();
  }
}

/** Exercises in groups of one notebook each, in the order in which the notebooks come. */
export function byNotebook<T extends { notebook: string }>(items: T[]): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(item.notebook, [...(groups.get(item.notebook) ?? []), item]);
  return [...groups.values()];
}

function together(notebooks: GradedNotebook[]): Graded {
  return {
    result: sumUp(notebooks.flatMap(({ results }) => results)),
    notes: notebooks.flatMap(({ notes }) => notes),
    outputs: Object.assign({}, ...notebooks.map(({ outputs }) => outputs)) as Record<string, string>,
  };
}

/** Lets `limit` pieces of work run at a time; the others wait in line. */
function limiter(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
