/**
 * Grades saved notebooks, running their cells as the kernel does.
 *
 * No notebook code runs in this process. One child process compiles the cells, and one per notebook runs them, behind
 * walls. A thread of this process, the judge, tries the answers there: see judge/judge.ts and learner/main.ts.
 */
import type { Exercise } from "../checks/exercise";
import { checksMs, gradeNotebook, type GradedNotebook } from "./grade-notebook";
import type { MoreChecks } from "./judge/more-checks";
import type { RunLimits } from "./notebook-run";
import { type ExerciseResult, type GradeResult, type Note, sumUp } from "./result";
import type { Walls } from "./walls/walls";
import { Workshop } from "./workshop";

interface GradeOptions {
  /** The folder with the notebooks. `@course/lib` must resolve from there. */
  folder: string;
  /** The exercises to grade, in course order. */
  exercises: Exercise[];
  limits?: Partial<RunLimits>;
  /** Checks that learners do not see, besides those that they do. */
  more?: MoreChecks;
  /** What stands between the notebooks' code and this machine. */
  walls: Walls;
  /** What this call shares with others. If not given, it has its own. */
  workshop?: Workshop;
  /** Called with each result as soon as it is known. */
  onResult?: (result: ExerciseResult) => void;
}

export interface Graded {
  result: GradeResult;
  notes: Note[];
  /** What the exercises' code printed during the checks, by id. */
  outputs: Record<string, string>;
}

const LIMITS: RunLimits = { cellMs: 5000, busyMs: 5000 };

/** Grades exercises. Never rejects because of what is in their notebooks. */
export async function grade({
  folder,
  exercises,
  walls,
  limits,
  more,
  workshop,
  onResult = () => {},
}: GradeOptions): Promise<Graded> {
  const used = workshop ?? new Workshop(walls.isWeak, false);
  const shared = { folder, workshop: used, onResult, walls, more, limits: { ...LIMITS, ...limits } };
  try {
    const groups = byNotebook(exercises);
    const jobs = new Map<Exercise[], Promise<GradedNotebook>>();
    // The longest first: it would be the last to end.
    for (const some of [...groups].sort((a, b) => timeFor(b) - timeFor(a)))
      jobs.set(some, gradeNotebook({ ...shared, notebook: some[0].notebook, exercises: some }));
    return combined(await Promise.all(groups.map((some) => jobs.get(some)!)));
  } finally {
    if (workshop) workshop.leave(folder);
    else used.end();
  }
}

/** Groups items by notebook. Groups and items keep their order. */
export function byNotebook<T extends { notebook: string }>(items: T[]): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(item.notebook, [...(groups.get(item.notebook) ?? []), item]);
  return [...groups.values()];
}

/** Returns how long the checks of exercises may take, in milliseconds. */
function timeFor(exercises: Exercise[]): number {
  return exercises.reduce((sum, exercise) => sum + checksMs(exercise), 0);
}

function combined(notebooks: GradedNotebook[]): Graded {
  return {
    result: sumUp(notebooks.flatMap(({ results }) => results)),
    notes: notebooks.flatMap(({ notes }) => notes),
    outputs: Object.assign({}, ...notebooks.map(({ outputs }) => outputs)) as Record<string, string>,
  };
}
