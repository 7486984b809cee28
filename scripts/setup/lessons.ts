/** Brings the lessons to the folder of the learner's work, if that is apart from the course. */
import fs from "node:fs";
import path from "node:path";
import { UsageError } from "@course/lib/util";
import { lessonFiles } from "../handout/handout";
import { makeUpdate, planUpdate, type Update } from "../update/update";
import { root, work } from "./paths";

/**
 * Copies the lessons into the work's folder, or brings newer ones under the learner's work, as `npm run update`
 * does. What cannot be updated is said, and stays as it is: a learner whose notebook is damaged can still start.
 */
export function bringLessons(): void {
  link("images");
  try {
    const update = planUpdate(work, lessonFiles());
    const copies = makeUpdate(work, update);
    report(update, copies);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`The lessons in ${work} stay as they are: ${error.message}.`);
  }
}

function report({ lessons }: Update, copies: string[]): void {
  const isNew = lessons.some(({ merged }) => !merged);
  if (isNew) console.error(`The lessons are in ${path.join(work, "notebooks")}.`);
  if (copies.length > 0)
    console.error(
      `The lessons are newer now. As they were: ${copies.map((copy) => path.relative(work, copy)).join(", ")}`,
    );
}

/**
 * Links to a folder of the course whose files the lessons show.
 *
 * There is no link to its packages: kernels find them without (lib/kernel/outside.ts), and where Node.js's permissions
 * are the walls of the grader, a link is a file that may not be read.
 *
 * A link of ours that has become wrong, since the course has moved, is made anew. A folder is left alone.
 */
function link(name: string): void {
  const [place, target] = [path.join(work, name), path.join(root, name)];
  const present = fs.lstatSync(place, { throwIfNoEntry: false });
  if (present && (!present.isSymbolicLink() || fs.readlinkSync(place) === target)) return;
  if (present) fs.unlinkSync(place);
  fs.symlinkSync(target, place, "junction");
}
