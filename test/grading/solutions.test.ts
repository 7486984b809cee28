import { beforeAll, describe, expect, test } from "vitest";
import { type ExerciseId, exercises } from "@course/lib/exercises";
import { solutionSource } from "@course/lib/notebook";
import { byNotebook } from "@course/lib/grading";
import { type Case, gradeCases, type GradedCase, lesson } from "./notebooks";

const LESSONS = byNotebook(Object.values(exercises)).map((some) => ({
  notebook: some[0].notebook,
  ids: some.map(({ id }) => id as ExerciseId),
}));

function solved(ids: ExerciseId[]): Partial<Record<ExerciseId, string>> {
  return Object.fromEntries(ids.map((id) => [id, solutionSource(id)]));
}

describe("lessons", () => {
  let graded: Record<string, GradedCase>;

  beforeAll(async () => {
    const cases: Record<string, Case> = {};
    for (const { notebook, ids } of LESSONS) {
      cases[`${notebook} as published`] = { ids, cells: lesson(notebook) };
      cases[`${notebook} solved`] = { ids, cells: lesson(notebook, solved(ids)) };
    }
    graded = await gradeCases(cases);
  }, 180_000);

  test.each(LESSONS)(
    "the exercises of $notebook as published are untouched, and earn no points",
    ({ notebook, ids }) => {
      const { result } = graded[`${notebook} as published`];
      expect(result.exercises.map(({ id, status }) => [id, status])).toEqual(
        ids.map((id) => [id, "untouched"]),
      );
      expect(result.points).toBe(0);
    },
  );

  test.each(LESSONS)(
    "the exercises of $notebook with the library's solutions are solved",
    ({ notebook, ids }) => {
      const { result, notes } = graded[`${notebook} solved`];
      expect(result.exercises.map(({ id, status }) => [id, status])).toEqual(ids.map((id) => [id, "solved"]));
      expect(result.points).toBe(result.possible);
      expect(notes).toEqual([]);
    },
  );
});
