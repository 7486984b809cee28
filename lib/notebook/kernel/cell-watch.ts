/**
 * Counts the cells that run, notes which of them did not compile, and adds advice to compiler messages.
 *
 * tslab has no event for this. But it assigns `process.stderr.write` anew for every cell, and writes
 * the compiler's messages there: `3:16 - Cannot find name 'x'.` So a setter on `write` counts cells,
 * and the new `write` reads and extends these messages.
 * https://github.com/yunabe/tslab (src/jupyter.ts, src/executor.ts)
 */
import { kernelGlobals } from "../../checks/kernel-globals";
import { isExerciseId } from "../../exercises/find-exercise";

type Write = typeof process.stderr.write;

/** The number of the cell that runs. The cell that imported the library has number 0. */
let running = 0;

/** The numbers of the cells that did not compile. */
const broken = new Set<number>();

/** Starts to count cells, if this process is a kernel. */
export function watchCells(): void {
  if (!kernelGlobals()) return;
  let write = process.stderr.write;
  Object.defineProperty(process.stderr, "write", {
    configurable: true,
    get: () => write,
    set(next: Write) {
      running++;
      write = (text: unknown, ...rest: []) => next(readMessage(text) as string, ...rest);
    },
  });
}

/** Returns the number of the cell that runs. The cell that imported the library has number 0. */
export function runningCell(): number {
  return running;
}

/** Tells whether the compiler refused the cell of this number. */
export function isBrokenCell(cell: number): boolean {
  return broken.has(cell);
}

/** Notes that a cell did not compile if `text` is a message of the compiler. Returns the text to show. */
function readMessage(text: unknown): unknown {
  const [, line, column, message] = /^(\d+):(\d+) - ([\s\S]*?)\s*$/.exec(String(text)) ?? [];
  if (message === undefined) return text;
  broken.add(running);
  return `Line ${line}, column ${column}: ${withAdvice(message)}\n`;
}

/** Returns a message of the compiler, with advice where a learner needs it. */
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
