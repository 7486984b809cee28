/** Lessons with the library's solutions. As published, they are graded by `npm run grade` in test/readme. */
import { expect, test } from "vitest";
import { type ExerciseId, exercises } from "@course/lib/exercises";
import { solutionSource } from "@course/lib/notebook";
import { byNotebook } from "@course/lib/grading";
import { type Case, lesson, useGradedCases } from "./notebooks";

const LESSONS = byNotebook(Object.values(exercises)).map((some) => ({
  notebook: some[0].notebook,
  ids: some.map(({ id }) => id as ExerciseId),
}));

function solved(ids: ExerciseId[]): Partial<Record<ExerciseId, string>> {
  return Object.fromEntries(ids.map((id) => [id, solutionSource(id)]));
}

const cases = LESSONS.map(({ notebook, ids }): [string, Case] => [
  notebook,
  { ids, cells: lesson(notebook, solved(ids)) },
]);
const graded = useGradedCases<string>(Object.fromEntries(cases));

test.each(LESSONS)(
  "the exercises of $notebook with the library's solutions are solved",
  ({ notebook, ids }) => {
    const { result, notes } = graded(notebook);
    expect(result.exercises.map(({ id, status }) => [id, status])).toEqual(ids.map((id) => [id, "solved"]));
    expect(result.points).toBe(result.possible);
    expect(notes).toEqual([]);
  },
);
