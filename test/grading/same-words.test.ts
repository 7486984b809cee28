/**
 * The judge says of a wrong answer in a learner's process what the notebook says of it in the kernel's.
 *
 * What is compared is all that a learner reads: which checks fail, and their messages.
 */
import fs from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { type Exercise, runChecks } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { byNotebook, type Judged, runNotebook } from "@course/lib/grading";
import { chooseWalls, type Walls } from "@course/lib/grading/walls";
import { LIMITS, notebooksFolder } from "./notebooks";

/** Lessons whose messages do not depend on ports, times, or on how bytes arrive. */
const PLAIN = ["00-welcome", "01-message-envelope", "02-version-message"];
/** How many wrong answers of each exercise are tried: those of a lesson together, in one process. */
const TRIED = 2;

const lessons = byNotebook(Object.values<Exercise>(exercises));
let walls: Walls;

beforeAll(async () => {
  walls = await chooseWalls("process");
});

/** Judges the wrong answers number `i` of exercises, which a cell takes from the library. */
async function judged(some: Exercise[], i: number): Promise<Judged[]> {
  const folder = notebooksFolder();
  const lines = some.map(
    ({ id }) =>
      `exports.${id} = require("@course/lib/exercises").loadExercise("${id}").wrongAnswers.at(${i}).answer;`,
  );
  const cell = { position: 1, source: "", whole: true, declares: [], neededBy: {}, uses: [], standIns: [] };
  const pieces = [{ output: lines.join("\n"), hasToplevelAwait: false, lines: [] }];
  try {
    const { judged } = await runNotebook({
      ...{ folder, walls, leftOut: [], standIns: [], limits: LIMITS, slow: new Set<number>() },
      exercises: some.map(({ id, source }) => ({ id, source })),
      checksMs: Object.fromEntries(some.map(({ id }) => [id, 60_000])),
      notebook: { cells: [{ ...cell, pieces }], sideOutputs: [] },
    });
    return judged;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function failed(checks: { name: string; passed: boolean; message: string }[]): string[] {
  return checks.filter(({ passed }) => !passed).map(({ name, message }) => `${name}: ${message}`);
}

describe.each(lessons.filter(([{ notebook }]) => PLAIN.includes(notebook)))(
  "wrong answers of $notebook",
  (...some) => {
    test.each(Array.from({ length: TRIED }, (_, i) => i))(
      `wrong answers number %i of ${some[0].notebook} are told the same in both places`,
      async (i) => {
        const wrong = some.filter(({ wrongAnswers }) => wrongAnswers.length > i);
        const there = await judged(wrong, i);
        const here = await Promise.all(
          wrong.map(async (exercise) => runChecks(exercise, exercise.wrongAnswers[i].answer)),
        );
        expect(there.map(({ exercise, checks }) => [exercise, failed(checks)])).toEqual(
          wrong.map(({ id }, at) => [id, failed(here[at].checks)]),
        );
      },
    );
  },
);

test.each(
  lessons
    .filter(([{ notebook }]) => !PLAIN.includes(notebook))
    .map((some) => [some[0].notebook, some] as const),
)(
  "the last wrong answers of %s fail the check that is to catch them, with its words",
  async (_notebook, some) => {
    // An answer that leaves something behind ends its process, so that each has one of its own.
    const all = await Promise.all(some.map((exercise) => judged([exercise], -1)));
    for (const [at, [{ checks }]] of all.entries()) {
      const { caughtBy, message } = some[at].wrongAnswers.at(-1)!;
      const check = checks.find(({ name }) => name === caughtBy);
      expect([some[at].id, check?.name, check?.passed]).toEqual([some[at].id, caughtBy, false]);
      if (message) expect(check!.message).toMatch(message);
    }
  },
);
