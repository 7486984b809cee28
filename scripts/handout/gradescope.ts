/** The zip file of an autograder for Gradescope: two scripts at its root, and the course that grades. */
import fs from "node:fs";
import path from "node:path";
import { handoutFiles } from "./handout";

/** Returns the files. Graded are `lessons`, or all if there are none. */
export function gradescopeFiles(lessons: string[]): Map<string, Uint8Array> {
  const script = (name: string): string =>
    fs.readFileSync(path.join(__dirname, "files", "gradescope", name), "utf8");
  const course = handoutFiles({ hints: true });
  return new Map<string, Uint8Array>([
    ["setup.sh", Buffer.from(script("setup.sh"))],
    [
      "run_autograder",
      Buffer.from(script("run_autograder").replace(" LESSONS", lessons.map((one) => ` ${one}`).join(""))),
    ],
    ...[...course].map(([name, bytes]): [string, Uint8Array] => [`course/${name}`, bytes]),
  ]);
}
