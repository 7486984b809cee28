import fs from "node:fs";
import { expect, test } from "vitest";
import type { Exercise } from "@course/lib/checks";
import { exercises, loadExercise } from "@course/lib/exercises";

const all: Exercise[] = Object.values(exercises);

test("an exercise is registered under its own id", () => {
  expect(Object.keys(exercises)).toEqual(all.map(({ id }) => id));
});

test("an exercise that is loaded alone is the one of the list", () => {
  for (const exercise of all) expect(loadExercise(exercise.id)).toBe(exercise);
});

test("the exercises of every lesson have a test file of their own", () => {
  const files = fs.readdirSync(__dirname);
  const lessons = new Set(all.map(({ notebook }) => notebook));
  expect([...lessons].filter((lesson) => !files.includes(`${lesson}.test.ts`))).toEqual([]);
});
