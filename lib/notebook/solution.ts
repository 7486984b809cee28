/** `solution` shows how we would write an exercise; `useSolution` lets the cells after it run with ours. */
import { type ExerciseId, exercises } from "../exercises/exercises";
import { showMarkdown } from "./kernel/display";
import { findExercise } from "../exercises/find-exercise";
import { hintsShown } from "./hint";
import { solutionSource } from "./source/solution-source";

const askedFor = new Set<string>();

/** Shows the course's own version of an exercise. While there are hints left it says so first, and shows it when asked again. */
export function solution(id: ExerciseId): void {
  const exercise = findExercise(id);
  if (typeof exercise === "string") return showMarkdown(exercise);
  const left = exercise.hints.length - hintsShown(id);
  const isFirst = !askedFor.has(id);
  askedFor.add(id);
  if (left > 0 && isFirst) return showMarkdown(stillHints(id, left));
  showMarkdown(`One way to write it:\n\n\`\`\`ts\n${solutionSource(id)}\n\`\`\``);
}

function stillHints(id: string, left: number): string {
  const hints = left === 1 ? "One hint is" : `${left === 2 ? "Two" : "Three"} hints are`;
  return `${hints} left for you: \`hint("${id}")\`. If you would rather see the solution now, run this cell once more.`;
}

/** The course's own version of an exercise, to go on with: `const getNodes = useSolution("getNodes");`. Throws an Error if there is no such exercise. */
export function useSolution<Id extends ExerciseId>(id: Id): (typeof exercises)[Id]["solution"] {
  const exercise = findExercise(id);
  if (typeof exercise === "string") throw new Error(exercise);
  console.log(
    `${id} is the course's own version from here on. Yours is still there: run its cell to come back to it.`,
  );
  return exercise.solution as (typeof exercises)[Id]["solution"];
}
