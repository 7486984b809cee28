/** `solution` shows the library's version of an exercise; `useSolution` returns it for later cells to use. */
import { type ExerciseId, exercises } from "../exercises/exercises";
import { speaker } from "../language/speak";
import { showMarkdown } from "./cell/display";
import { findExercise } from "../exercises/find-exercise";
import { hintsShown } from "./hint";
import { lastChecks } from "./last-checks";
import { solutionSource } from "./source/solution-source";

/** The exercises whose solution was asked for. */
const requested = new Set<string>();

/**
 * Shows the course's own version of an exercise.
 *
 * While hints are left, the first call only says how many, and the second call shows the solution.
 */
export function solution(id: ExerciseId): void {
  const exercise = findExercise(id);
  if (typeof exercise === "string") return showMarkdown(exercise);
  const left = exercise.hints.length - hintsShown(id);
  const isFirst = !requested.has(id);
  requested.add(id);
  if (left > 0 && isFirst) return showMarkdown(speaker().say(hintsLeftText(id, left)));
  showMarkdown(`${speaker().say("One way to write it:")}\n\n\`\`\`ts\n${solutionSource(id)}\n\`\`\``);
}

function hintsLeftText(id: string, left: number): string {
  const hints = left === 1 ? "One hint is" : `${left === 2 ? "Two" : "Three"} hints are`;
  return `${hints} left for you: \`hint("${id}")\`. If you would rather see the solution now, run this cell once more.`;
}

/**
 * Returns the course's own version of an exercise: `const getNodes = useSolution("getNodes");`.
 *
 * @throws Error if there is no such exercise.
 */
export function useSolution<Id extends ExerciseId>(id: Id): (typeof exercises)[Id]["solution"] {
  const exercise = findExercise(id);
  if (typeof exercise === "string") throw new Error(exercise);
  const sentence = `${id} is the course's own version from here on. Yours is still there: run its cell to come back to it.`;
  console.log(speaker().say(sentence));
  lastChecks.delete(id); // from here on ours takes the place of what was checked
  return exercise.solution as (typeof exercises)[Id]["solution"];
}
