/**
 * tslab's compiler, with some things mended, one added, one left out and one done later.
 *
 * tslab's converter holds on to one timer for two kinds of rebuild. TypeScript asks for a second one when a file
 * appears after an import was not found, and from then on every cell fails ("Unexpected pending rebuildTimer").
 * Only a program's update needs a timer here: a lookup that failed is tried again with the next cell anyway.
 *
 * A cell whose only `await` is that of a `for await` did not run, and a cell may say `export` (exports.ts).
 *
 * And the converter makes no source maps, so nothing could say in which line of a cell an error was thrown. Here
 * both of its steps (TypeScript to ES modules, ES modules to CommonJS) make one.
 *
 * What it leaves out is in light-program.ts; what it reads later, in docblocks.ts.
 *
 * https://github.com/yunabe/tslab, `src/converter.ts`
 */
import { SourceMap, type SourceMapPayload } from "node:module";
import type { Converter } from "tslab/dist/converter";
import { findDocblocks, leaveOutDocblocks } from "./docblocks";
import { withoutExports } from "./exports";
import { FirstLook } from "./first-look";
import { lightProgram } from "./light-program";
import { reachPackagesFrom } from "./outside";

/** Which line and column of a cell, both counted from 1, a place in its JavaScript came from. */
export type CellPlaces = (line: number, column: number) => { line: number; column: number } | undefined;

type TypeScript = typeof import("typescript");
type System = Pick<
  import("typescript").System,
  "setTimeout" | "clearTimeout" | "readFile" | "watchFile" | "watchDirectory"
>;

/** The converter puts this many lines in front of a cell. */
const LINES_BEFORE = 1;
const INLINE_MAP = /\n?\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;
/** An update may ask for another one; more than a few would be a circle. */
const MAX_UPDATES = 10;
const FOR_AWAIT = /\bfor await\b/;
const LATE_LOOKUP = Symbol("a lookup to try again");
/**
 * The packages of `@types` whose declarations every cell sees.
 *
 * Otherwise it sees those of all that happen to be installed, the globals of test runners among them.
 */
const GLOBAL_TYPES = ["node"];

/** The maps of each JavaScript text that the converter gave, until they are asked for. */
const maps = new Map<string, [toCommonJs: SourceMapPayload, toEsModule: SourceMapPayload]>();

const CONVERTER = "tslab/dist/converter";
interface ConverterOptions {
  /**
   * Whether many notebooks are compiled, one after the other, while no package changes: then none is watched, and see
   * steady-imports.ts.
   */
  steady?: boolean;
}

/** Of the converter that is being created. */
let options: ConverterOptions;
let firstLook: FirstLook | undefined;

let typescriptOfTslab: TypeScript;

/** Returns TypeScript as tslab has it: it is loaded already. */
export function kernelTypescript(): TypeScript {
  return typescriptOfTslab;
}

/** Puts the mended functions into the compiler that tslab's converter is about to load. */
function mendCompiler(): void {
  const file = require.resolve("@tslab/typescript-for-tslab", { paths: [require.resolve("tslab")] });
  if (require.resolve(CONVERTER) in require.cache) {
    throw new Error(
      "expected tslab's converter not to be loaded yet: import ./compiler before any part of tslab",
    );
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const typescript = (typescriptOfTslab = require(file) as TypeScript);
  findDocblocks(typescript);
  require.cache[file]!.exports = {
    ...typescript,
    createWatchCompilerHost: mendedHost(typescript),
    transpileModule: keepingMaps(typescript.transpileModule),
  };
}

/** Starts tslab's converter on a compiler that is mended as told above. */
export function createMendedConverter(wanted: ConverterOptions = {}): Converter {
  options = wanted;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { createConverter } = require(CONVERTER) as typeof import("tslab/dist/converter");
  firstLook = undefined;
  const converter = createConverter({ isJS: false, isBrowser: false });
  const look = firstLook as FirstLook | undefined;
  return {
    ...converter,
    convert(declarations, source) {
      look?.begin();
      const converted = converter.convert(declarations, withoutExports(source));
      // The converter does not take it for an `await`; elsewhere than at the top of a cell it does no harm.
      return FOR_AWAIT.test(converted.output ?? "") ? { ...converted, hasToplevelAwait: true } : converted;
    },
  };
}

/** Returns the places in the cell that `javaScript` was compiled from, if the converter has just made it. */
export function placesIn(javaScript: string | undefined): CellPlaces {
  const pair = javaScript === undefined ? undefined : maps.get(javaScript);
  maps.clear();
  if (!pair) return () => undefined;
  const [toCommonJs, toEsModule] = pair.map((payload) => new SourceMap(payload));
  return (line, column) => {
    const between = entryAt(toCommonJs, line - 1, column - 1);
    const source = between && entryAt(toEsModule, between.originalLine, between.originalColumn);
    if (!source) return undefined;
    return { line: source.originalLine - LINES_BEFORE + 1, column: source.originalColumn + 1 };
  };
}

interface Entry {
  originalLine: number;
  originalColumn: number;
}

/** Returns the entry of a place, all counted from 0; undefined for a place that no source has. */
function entryAt(map: SourceMap, line: number, column: number): Entry | undefined {
  const entry = map.findEntry(line, column) as Partial<Entry>;
  return entry.originalLine === undefined ? undefined : (entry as Entry);
}

function mendedHost(typescript: TypeScript): (...args: unknown[]) => unknown {
  const create = typescript.createWatchCompilerHost as (...args: unknown[]) => unknown;
  return (files, itsOptions, system, _createProgram, ...rest) => {
    const createProgram = lightProgram(typescript, options.steady ?? false);
    const cell = (files as string[]).find((file) => file.endsWith("/__tslab__.ts"));
    const look =
      options.steady && cell !== undefined
        ? new FirstLook(typescript, () => (system as System).readFile(cell))
        : undefined;
    firstLook = look;
    mendTimers(system as System, look);
    leaveOutDocblocks(system as System);
    if (options.steady) watchNoPackages(system as System);
    const ours = { ...reachPackagesFrom(process.cwd()), inlineSourceMap: true, types: GLOBAL_TYPES };
    const making: typeof createProgram = (...args) => {
      const builder = createProgram(...args);
      look?.made(builder);
      return builder;
    };
    const host = create(files, { ...(itsOptions as object), ...ours }, system, making, ...rest);
    look?.watch(host as Parameters<FirstLook["watch"]>[0]);
    return host;
  };
}

/** Lets no declaration file be watched, and no folder for files that may come. */
function watchNoPackages(system: System): void {
  const { watchFile } = system;
  const none = { close() {} };
  system.watchFile = (file, ...rest) =>
    file.endsWith(".d.ts") && !file.endsWith("/__prev__.d.ts")
      ? none
      : watchFile!.call(system, file, ...rest);
  system.watchDirectory = () => none;
}

/**
 * Lets the converter's one timer run all updates of the program that were asked for, those too that are asked for
 * while one runs. The converter calls the timer itself, with each cell; it never fires.
 */
function mendTimers(system: System, look?: FirstLook): void {
  const { setTimeout: set, clearTimeout: clear } = system;
  let scheduled: { update: () => void } | undefined;
  let isSet = false;
  const runUpdates = () => {
    try {
      if (look?.takesPlace()) return;
      for (let updates = 0; scheduled && updates < MAX_UPDATES; updates++) {
        const { update } = scheduled;
        scheduled = undefined;
        update();
      }
      look?.settle();
    } catch (error) {
      // The converter forgets its timer only when its callback has come to an end.
      clear!.call(system, timer);
      throw error;
    } finally {
      isSet = false;
    }
  };
  let timer: unknown;
  system.setTimeout = (callback, ms) => {
    if (callback.name !== "updateProgramWithWatchStatus") return LATE_LOOKUP;
    scheduled = { update: callback as () => void };
    if (!isSet) timer = set!.call(system, runUpdates, ms);
    isSet = true;
    return scheduled;
  };
  system.clearTimeout = (one) => {
    if (one === scheduled) scheduled = undefined;
  };
}

/** Translates as before, takes the map of the step before out of the text, and notes both maps. */
function keepingMaps(transpile: TypeScript["transpileModule"]): TypeScript["transpileModule"] {
  return (input, options) => {
    const [comment, before] = INLINE_MAP.exec(input) ?? [];
    if (comment === undefined) return transpile(input, options);
    const { outputText, sourceMapText } = transpile(input.slice(0, -comment.length), {
      ...options,
      compilerOptions: { ...options.compilerOptions, sourceMap: true },
    });
    const javaScript = outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, "");
    const toEsModule = JSON.parse(Buffer.from(before, "base64").toString()) as SourceMapPayload;
    maps.set(javaScript, [JSON.parse(sourceMapText!) as SourceMapPayload, toEsModule]);
    return { outputText: javaScript };
  };
}

mendCompiler();
