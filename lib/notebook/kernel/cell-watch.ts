/**
 * Which cell runs, and what the compiler said of it.
 *
 * tslab tells nobody. But it gives `process.stderr` a new `write` for every cell, and writes what is
 * wrong with a cell there, as `3:16 - Cannot find name 'x'.`. So a setter on `write` counts cells, and
 * the compiler's lines can be given the advice that a learner needs.
 */
import { kernelGlobals } from "../../checks/kernel-globals";
import { isExerciseId } from "../../exercises/find-exercise";

type Write = typeof process.stderr.write;

let running = 0;
let broken: number | undefined;

/** Begins to watch, if we are in a kernel. */
export function watchCells(): void {
  if (!kernelGlobals()) return;
  let write = process.stderr.write;
  Object.defineProperty(process.stderr, "write", {
    configurable: true,
    get: () => write,
    set(next: Write) {
      running++;
      write = (text: unknown, ...rest: []) => next(advised(text) as string, ...rest);
    },
  });
}

/** The number of the cell that runs, counted from the one that imported the library. */
export function runningCell(): number {
  return running;
}

/** Whether the cell before the one that runs did not compile. */
export function cellBeforeIsBroken(): boolean {
  return broken === running - 1;
}

function advised(text: unknown): unknown {
  const [, line, column, message] = /^(\d+):(\d+) - ([\s\S]*?)\s*$/.exec(String(text)) ?? [];
  if (message === undefined) return text;
  broken = running;
  return `Line ${line}, column ${column}: ${withAdvice(message)}\n`;
}

/** What the compiler says, and what to do about it where it says that badly. */
export function withAdvice(message: string): string {
  const [, name] = /^Cannot find name '(\w+)'/.exec(message) ?? [];
  if (name && isExerciseId(name)) {
    return `${message}\n  The cell that declares ${name} has not run, or has an error itself: see to that one first.`;
  }
  if (name) {
    return `${message}\n  If a cell further up declares it, run that one first (Run > Run All Above Selected Cell).`;
  }
  if (/\btype 'Promise</i.test(message)) return `${message}\n  Is there an \`await\` missing?`;
  return message;
}
