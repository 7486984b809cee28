/** Makes up what the learners of a class hand in, with the result that each exercise must get. */
import { type AnyAnswer, type Exercise, isClass } from "@course/lib/checks";
import type { ExerciseId } from "@course/lib/exercises";
import { byNotebook } from "@course/lib/grading";
import {
  cellSource,
  courseRole,
  exerciseOf,
  type Notebook,
  readNotebook,
  setCellSource,
  solutionSource,
} from "@course/lib/notebook";
import type { Random } from "@course/lib/util";
import path from "node:path";
import { root } from "../setup/paths";
import { wrongCells } from "./wrong-answers";

/** What an exercise must get. */
export interface Truth {
  status: "solved" | "failed" | "untouched" | "missing" | "crashed" | "timeout" | "tampered";
  /** A check that must be among those that failed. */
  failedCheck?: string;
}

/** A lesson as a learner hands it in. */
export interface HandedIn {
  lesson: string;
  notebook: Notebook;
  truths: Record<string, Truth>;
}

/** What a learner writes into an exercise's cell, and what it must get. */
type Answering = (
  exercise: Exercise,
  random: Random,
  /** Whether it is the first of its lesson. */
  isFirst: boolean,
) => { source: string | undefined; truth: Truth };

const solved: Answering = ({ id }) => ({
  source: solutionSource(id as ExerciseId),
  truth: { status: "solved" },
});
const stub = (): ReturnType<Answering> => ({ source: undefined, truth: { status: "untouched" } });

function wrong(exercise: Exercise, random: Random): ReturnType<Answering> {
  const cells = wrongCells(exercise);
  if (cells.length === 0) return stub();
  const { source, caughtBy, borrows } = cells[Math.floor(random.next() * cells.length)];
  return {
    source,
    truth: borrows ? { status: "untouched" } : { status: "failed", failedCheck: caughtBy },
  };
}

/** Returns an answer that has the body `body`, whatever it is given. */
const always =
  (body: string, truth: Truth): Answering =>
  ({ id }) => ({ source: `const ${id} = (..._given: unknown[]): any => { ${body} };`, truth });

const crash = always("process.exit(1);", { status: "crashed" });
const endless = always("for (;;) {}", { status: "timeout" });
/** Lets the library do the work. */
const borrowing: Answering = ({ id, solution }) => {
  const theirs = `require("@course/lib").${id}`;
  const source = isClass(solution as AnyAnswer)
    ? `class ${id} extends ${theirs} {}`
    : `const ${id} = (...given: unknown[]): any => ${theirs}(...given);`;
  return { source, truth: { status: "untouched" } };
};
/** Writes a verdict to where the grader listens. */
const forging = always('require("fs").writeSync(3, `{"kind":"verdict","status":"solved"}\\n`);', {
  status: "tampered",
});
const unfinished: Answering = ({ id }) => ({
  source: `function ${id}() {\n  return (;\n}`,
  truth: { status: "failed", failedCheck: "the cell compiles" },
});

/** Answers the first exercise of a lesson in a way of its own, and solves the others. */
const first =
  (answering: Answering): Answering =>
  (exercise, random, isFirst) =>
    (isFirst ? answering : solved)(exercise, random, isFirst);

/** Kinds of learners, by what they write. */
const KINDS = {
  solved,
  wrong,
  untouched: stub,
  half: (exercise, random, isFirst) => (random.next() < 0.5 ? solved(exercise, random, isFirst) : stub()),
  mixed: (exercise, random, isFirst) =>
    random.next() < 0.5 ? wrong(exercise, random) : solved(exercise, random, isFirst),
  crash: first(crash),
  slow: first(endless),
  unfinished: first(unfinished),
  borrowing: first(borrowing),
  forging: first(forging),
} satisfies Record<string, Answering>;

export type Kind = keyof typeof KINDS;

/** Returns whether a solution calls a function of its lesson that this learner has not solved: it would fail too. */
function callsUnsolved(
  source: string | undefined,
  { id }: Exercise,
  own: Exercise[],
  truths: Record<string, Truth>,
): boolean {
  const called = own.filter((other) => other.id !== id && new RegExp(`\\b${other.id}\\(`).test(source ?? ""));
  return called.some((other) => truths[other.id]?.status !== "solved");
}

/** Returns the lessons of `exercises` as a learner of this kind hands them in. */
export function handedInBy(kind: Kind, exercises: Exercise[], random: Random): HandedIn[] {
  return byNotebook(exercises).map((own) => {
    const [{ notebook: lesson }] = own;
    const notebook = readNotebook(path.join(root, "notebooks", `${lesson}.ipynb`));
    const truths: Record<string, Truth> = {};
    for (const exercise of own) {
      const answer = KINDS[kind](exercise, random, exercise === own[0]);
      const { source, truth } = callsUnsolved(answer.source, exercise, own, truths) ? stub() : answer;
      truths[exercise.id] = truth;
      const cell = notebook.cells.find(
        (one) => courseRole(one) === "exercise" && exerciseOf(one) === exercise.id,
      )!;
      if (source !== undefined && source !== cellSource(cell)) setCellSource(cell, source);
    }
    return { lesson, notebook, truths };
  });
}
