/** Makes up a class: what its learners hand in, as a platform gives it, and the truth about each. */
import { type Exercise, lessonsOf } from "@course/lib/checks";
import { Random } from "@course/lib/util";
import fs from "node:fs";
import path from "node:path";
import { FORMS, type FormName } from "./files";
import { type Kind, handedInBy, type Truth } from "./learners";
import { placeIn, type PlatformName, PLATFORMS, type SampleLearner } from "./platform-names";

/** What the grader has to find out about a learner. */
export interface LearnerTruth {
  learner: string;
  kind: Kind;
  form: FormName;
  exercises: Record<string, Truth>;
}

/** The first learners have these, so that a class of 25 has one of each; later ones differ in what they write. */
export const KINDS_AND_FORMS: readonly (readonly [Kind, FormName])[] = [
  ["solved", "saved"],
  ["wrong", "saved"],
  ["untouched", "saved"],
  ["mixed", "saved"],
  ["half", "saved"],
  ["crash", "saved"],
  ["slow", "saved"],
  ["unfinished", "saved"],
  ["mixed", "renamed"],
  ["solved", "stripped"],
  ["solved", "windows"],
  ["mixed", "zipped"],
  ["solved", "cutOff"],
  ["solved", "empty"],
  ["solved", "conflict"],
  ["solved", "link"],
  ["solved", "pipe"],
  ["solved", "huge"],
  ["solved", "nestedZip"],
  ["solved", "zipSlip"],
  ["solved", "zipBomb"],
  ["solved", "zipLink"],
  ["solved", "noZip"],
  ["borrowing", "saved"],
  ["forging", "saved"],
];
const READABLE = KINDS_AND_FORMS.filter(([, form]) => FORMS[form].isReadable);

/** Given names; the first is a formula in a spreadsheet, two are as they should never be compared. */
const NAMES = [
  "=Sum Zero",
  "Ann O'Neil",
  "Çelik Öz",
  "Dalia <b>Bold</b>",
  "Emil da Silva",
  "Frida",
  "Gao Wei",
  "Hana Sato",
];

interface SampleOptions {
  platform: PlatformName;
  exercises: Exercise[];
  seed: number;
  /** The kinds of the learners; if not given, all in turn. */
  kinds?: typeof KINDS_AND_FORMS;
}

/**
 * Writes a class of `count` learners into `out`: `submissions/`, `truth.json`, and the gradebook of the
 * platform, if it has one.
 *
 * @returns the truth.
 */
export function makeClass(out: string, count: number, options: SampleOptions): LearnerTruth[] {
  const { platform, exercises, kinds = KINDS_AND_FORMS } = options;
  const random = new Random(options.seed, "class");
  const learners: SampleLearner[] = [];
  const truths: LearnerTruth[] = [];
  for (let index = 0; index < count; index++) {
    const learner = learnerOf(index);
    const [kind, form] = index < kinds.length ? kinds[index] : READABLE[index % READABLE.length];
    if (form === "pipe" && process.platform === "win32") continue;
    const lessons = handedInBy(kind, exercises, random);
    FORMS[form].write(lessons, placeIn(out, platform, learner));
    learners.push(learner);
    const known = Object.assign({}, ...lessons.map((one) => one.truths)) as Record<string, Truth>;
    truths.push({
      learner: PLATFORMS[platform].nameOf(learner),
      kind,
      form,
      exercises: FORMS[form].isReadable ? known : unreadable(known),
    });
  }
  const { extras } = PLATFORMS[platform] as {
    extras?: (learners: SampleLearner[], lessons: string[]) => Record<string, string>;
  };
  const lessons = lessonsOf(exercises);
  for (const [name, text] of Object.entries(extras?.(learners, lessons) ?? {}))
    fs.writeFileSync(path.join(out, name), text);
  fs.writeFileSync(path.join(out, "truth.json"), JSON.stringify(truths, null, 2) + "\n");
  return truths;
}

function learnerOf(index: number): SampleLearner {
  const name = NAMES[index % NAMES.length] + (index < NAMES.length ? "" : ` ${index}`);
  return { index, name, login: `learner${String(index).padStart(3, "0")}`, isLate: index % 10 === 3 };
}

function unreadable(known: Record<string, Truth>): Record<string, Truth> {
  return Object.fromEntries(Object.keys(known).map((id) => [id, { status: "missing" }]));
}
