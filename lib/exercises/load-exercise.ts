/** Loads one exercise, without the others and what they need: the grader's judges try few of them each. */
import fs from "node:fs";
import path from "node:path";
import type { Exercise } from "../checks/exercise";

/** Returns the exercise `id`: that of the list in exercises.ts. */
export function loadExercise(id: string): Exercise {
  const name = id.replace(/[A-Z]/g, (letter, at) => (at === 0 ? "" : "-") + letter.toLowerCase());
  const folders = fs.readdirSync(__dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = folders.map((folder) => path.join(__dirname, folder.name, `${name}.js`));
  const file = files.find((one) => fs.existsSync(one));
  if (file === undefined) throw new Error(`no lesson has a file ${name} for the exercise ${id}`);
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require(file) as { default: Exercise }).default;
}
