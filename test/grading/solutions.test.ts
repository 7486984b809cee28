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

describe("every lesson", () => {
  let graded: Record<string, GradedCase>;

  beforeAll(async () => {
    const cases: Record<string, Case> = {};
    for (const { notebook, ids } of LESSONS) {
      cases[`${notebook} as it came`] = { ids, cells: lesson(notebook) };
      cases[`${notebook} solved`] = { ids, cells: lesson(notebook, solved(ids)) };
    }
    graded = await gradeCases(cases);
  }, 180_000);

  test.each(LESSONS)("$notebook as it came is untouched, and earns nothing", ({ notebook, ids }) => {
    const { result } = graded[`${notebook} as it came`];
    expect(result.exercises.map(({ id, status }) => [id, status])).toEqual(
      ids.map((id) => [id, "untouched"]),
    );
    expect(result.points).toBe(0);
  });

  test.each(LESSONS)("$notebook with the library's solutions is solved", ({ notebook, ids }) => {
    const { result, notes } = graded[`${notebook} solved`];
    expect(result.exercises.map(({ id, status }) => [id, status])).toEqual(ids.map((id) => [id, "solved"]));
    expect(result.points).toBe(result.possible);
    expect(notes).toEqual([]);
  });
});
