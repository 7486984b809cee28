/** Loads one exercise, without the others and what they need: the grader's judges try few of them each. */
import path from "node:path";
import type { Exercise } from "../checks/exercise";

/** Returns the exercise `id` of a notebook: that of the list in exercises.ts. */
export function loadExercise(id: string, notebook: string): Exercise {
  const file = id.replace(/[A-Z]/g, (letter, at) => (at === 0 ? "" : "-") + letter.toLowerCase());
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require(path.join(__dirname, notebook, file)) as { default: Exercise }).default;
}
