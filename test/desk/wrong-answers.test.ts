/** The wrong answers of a sample class, as cells. */
import { createRequire } from "node:module";
import path from "node:path";
import { expect, test } from "vitest";
import { type Exercise, lessonsOf } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { readNotebook } from "@course/lib/notebook";
import { NOTEBOOKS } from "../../scripts/notebooks/files";
import { FORMS } from "../../scripts/sample-class/files";
import { wrongCells } from "../../scripts/sample-class/wrong-answers";

const load = createRequire(import.meta.url);
const all = Object.values(exercises) as Exercise[];

/** Returns the values that a cell imports from the library, and from where: types begin with a capital letter. */
function importsOf(source: string): [name: string, module: string][] {
  return [...source.matchAll(/^import \{ (.*) \} from "(@course\/lib[^"]*)";$/gm)].flatMap(
    ([, names, module]) =>
      names
        .split(", ")
        .map((name) => name.replace(/ as .*/, ""))
        .filter((name) => /^[a-z]/.test(name))
        .map((name): [string, string] => [name, module]),
  );
}

test.each(all.map((exercise) => [exercise.id, exercise] as const))(
  "the wrong answers to %s import what there is",
  (_, exercise) => {
    const imports = wrongCells(exercise).flatMap(({ source }) => importsOf(source));
    expect(imports.filter(([name, module]) => !(name in (load(module) as object)))).toEqual([]);
  },
);

test("renamed notebooks keep apart, however many lessons there are", () => {
  const places: string[] = [];
  const lessons = lessonsOf(all).map((lesson) => {
    return { lesson, notebook: readNotebook(path.join(NOTEBOOKS, `${lesson}.ipynb`)), truths: {} };
  });
  FORMS.renamed.write(lessons, (name) => (places.push(name), "/dev/null"));
  expect(new Set(places).size).toBe(lessons.length);
});
