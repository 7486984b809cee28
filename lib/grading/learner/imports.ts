/**
 * Lets the names that cells import from the library wait until they are used.
 *
 * tslab's executor looks at all names that a cell imports. A lesson's first cell imports what all its cells need, plots
 * and tables among them, but the grader runs few of these: to load everything takes longer than to run the rest.
 *
 * https://github.com/yunabe/tslab, `src/executor.ts`
 */

/** What the executor gives to the code of each cell. */
interface CellGlobals {
  exports: Record<string, unknown>;
  require: NodeJS.Require;
}

const LIBRARY = "@course/lib";

/** Defers imports of the executor that was just created. `locals` are the names of its cells. */
export function deferImports(locals: Record<string, unknown>): void {
  const globals = (globalThis as unknown as { __tslab__: CellGlobals }).__tslab__;
  let isLibrary = false;
  globals.require = new Proxy(globals.require, {
    apply(require, self, args: unknown[]) {
      const module: unknown = Reflect.apply(require, self, args);
      isLibrary = args[0] === LIBRARY;
      return module;
    },
  });
  // What the names themselves do not have is looked up here.
  const deferred: Record<string, unknown> = {};
  Object.setPrototypeOf(locals, deferred);
  const settle = (name: PropertyKey, value: unknown): unknown => {
    delete deferred[name as string];
    return (locals[name as string] = value);
  };
  globals.exports = new Proxy(locals, {
    defineProperty(_, name, attributes) {
      const { get } = attributes;
      const isDeferred = get !== undefined && isLibrary && typeof name === "string";
      if (!isDeferred) return Reflect.defineProperty(locals, name, attributes);
      delete locals[name];
      return Reflect.defineProperty(deferred, name, {
        configurable: true,
        enumerable: true,
        get: () => settle(name, get()),
        set: (value) => settle(name, value),
      });
    },
  });
}
