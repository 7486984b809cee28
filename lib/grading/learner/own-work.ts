/**
 * Notices when an answer lets the library do its work, or calls its function in a copy of the library.
 *
 * This is a tripwire, no wall: the library's code is in the same process. Who copies its text goes unnoticed here.
 */
import { Module } from "node:module";
import path from "node:path";
import type { AnyFunction, Exercise } from "../../checks/exercise";
import { exercises } from "../../exercises/exercises";
import { LIB } from "../../util/paths";

/** As they are before any cell runs. */
const { apply, construct } = Reflect;

type Loader = (module: NodeJS.Module, file: string) => void;

/**
 * Calls `onUse` with the id of an exercise when the library's function of that name is called from now on, by whomever.
 * For these exercises: those whose solutions stand in for broken answers are not among them.
 */
export function watchSolutions(ids: readonly string[], onUse: (id: string) => void): void {
  const watched = (Object.values(exercises) as Exercise[]).filter(({ id }) => ids.includes(id));
  const places = watched.map(({ id, source }) => ({ id, file: compiledFile(source) }));
  for (const exercise of watched) {
    const solution = watchedFunction(exercise.solution as AnyFunction, () => onUse(exercise.id));
    Object.defineProperty(exercise, "solution", { value: solution });
  }
  const watchModule = (file: string, exports: Record<string, unknown>) => {
    for (const { id } of places.filter((place) => place.file === file)) {
      const original = exports[id];
      if (typeof original === "function")
        exports[id] = watchedFunction(original as AnyFunction, () => onUse(id));
    }
  };
  for (const [file, module] of Object.entries(require.cache))
    watchModule(file, (module?.exports ?? {}) as Record<string, unknown>);
  // A module that is loaded again, because somebody has thrown the first copy away.
  const { _extensions: loaders } = Module as unknown as { _extensions: Record<string, Loader> };
  const load = loaders[".js"];
  loaders[".js"] = (module, file) => {
    load(module, file);
    watchModule(file, module.exports as Record<string, unknown>);
  };
}

function compiledFile(source: string): string {
  return path.join(LIB, "dist", source.replace(/\.ts$/, ".js"));
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
