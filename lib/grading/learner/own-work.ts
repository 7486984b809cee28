/**
 * Notices when an answer lets the library do its work, or calls its function in a copy of the library.
 *
 * This is a tripwire, no wall: the library's code is in the same process. Who copies its text goes unnoticed here.
 */
import { Module } from "node:module";
import path from "node:path";
import type { AnyFunction, Exercise } from "../../checks/exercise";
import { DIST } from "../../util/paths";
import type { LibraryFunction } from "../between/messages";

/** As they are before any cell runs. */
const { apply, construct } = Reflect;

type Loader = (module: NodeJS.Module, file: string) => void;

/** The list of all exercises. A notebook loads it with the first `useSolution`, and most never do. */
const EXERCISES = path.join(DIST, "exercises", "exercises.js");

/** What the list of exercises gives for each of those that are watched; more than one, if the list was loaded again. */
const solutions = new Set<unknown>();

/** Returns whether an answer is what `useSolution` gives for an exercise that is watched. */
export function isSolution(answer: unknown): boolean {
  return solutions.has(answer);
}

/**
 * Calls `onUse` with the id of an exercise when the library's function of that name is called from now on, by whomever.
 * For these exercises: those whose solutions stand in for broken answers are not among them.
 */
export function watchSolutions(watched: readonly LibraryFunction[], onUse: (id: string) => void): void {
  const places = watched.map(({ id, source }) => ({ id, file: compiledFile(source) }));
  const watchList = (exercises: Record<string, Exercise | undefined>) => {
    for (const { id } of watched) {
      const exercise = exercises[id];
      if (!exercise) continue;
      const solution = watchedFunction(exercise.solution as AnyFunction, () => onUse(id));
      solutions.add(solution);
      Object.defineProperty(exercise, "solution", { value: solution });
    }
  };
  const watchModule = (file: string, exports: Record<string, unknown>) => {
    if (file === EXERCISES) watchList(exports.exercises as Record<string, Exercise>);
    for (const { id } of places.filter((place) => place.file === file)) {
      const original = exports[id];
      if (typeof original === "function")
        exports[id] = watchedFunction(original as AnyFunction, () => onUse(id));
    }
  };
  for (const [file, module] of Object.entries(require.cache))
    watchModule(file, (module?.exports ?? {}) as Record<string, unknown>);
  // What is loaded later, also again, because somebody has thrown the first copy away.
  const { _extensions: loaders } = Module as unknown as { _extensions: Record<string, Loader> };
  const load = loaders[".js"];
  loaders[".js"] = (module, file) => {
    load(module, file);
    watchModule(file, module.exports as Record<string, unknown>);
  };
}

/** Returns the library's function for an exercise. */
export function libraryFunction({ id, source }: LibraryFunction): unknown {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require(compiledFile(source)) as Record<string, unknown>)[id];
}

function compiledFile(source: string): string {
  return path.join(DIST, source.replace(/\.ts$/, ".js"));
}

function watchedFunction(solution: AnyFunction, onUse: () => void): AnyFunction {
  return new Proxy(solution, {
    apply(target, self, args: unknown[]) {
      onUse();
      return apply(target, self, args) as unknown;
    },
    construct(target, args: unknown[]) {
      onUse();
      return construct(target, args) as object;
    },
  });
}
