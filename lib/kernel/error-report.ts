/**
 * An error as Jupyter's protocol has it: `ename`, `evalue`, and a `traceback` of lines to show.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#request-reply
 *
 * The traceback says what a learner can use: the message, the error's own fields, and each line of a cell that the
 * error passed through. Frames of the kernel, of the library and of Node.js are left out.
 */
import { inspect } from "node:util";
import type { Diagnostic } from "tslab/dist/converter";
import { adviseOn } from "./advice";
import { isInterrupt } from "./interrupt";
import type { Cell, CellPlace } from "./kernel";

export interface ErrorReport {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** Who knows where in the cells an error was thrown. */
interface Places {
  placesOf(error: Error): CellPlace[];
}

/** More lines of a recursion than this tell nothing new. */
const MAX_PLACES = 8;

/** Reports what a cell threw, whatever it was. */
export function reportError(thrown: unknown, places: Places): ErrorReport {
  if (endsInterruptedCell(thrown)) return INTERRUPTED;
  if (!(thrown instanceof Error)) {
    const evalue = `${inspect(thrown)}, which is not an Error`;
    return { ename: "Thrown", evalue, traceback: [`Thrown: ${evalue}`] };
  }
  const { name, message } = thrown;
  return { ename: String(name), evalue: String(message), traceback: errorLines(thrown, places) };
}

/** Reports a cell that does not compile, the newest of `cells`. */
export function reportDiagnostics(
  diagnostics: readonly Diagnostic[],
  source: string,
  cells: readonly Cell[],
): ErrorReport {
  const lines = source.split("\n");
  const traceback = adviseOn(diagnostics, source, cells).flatMap(({ start, fileName, message, advice }) => {
    const place = `${fileName ? `${fileName}, l` : "L"}ine ${start.line + 1}, column ${start.character + 1}`;
    const text = fileName === undefined ? lines[start.line]?.trim() : undefined;
    return [`${place}: ${message}`, text && `    ${text}`, advice && `  ${advice}`].filter(
      Boolean,
    ) as string[];
  });
  return { ename: "CompileError", evalue: traceback[0] ?? "the cell does not compile", traceback };
}

/** Makes `console.log(error)` show the same as a cell that fails with the error. */
export function showErrorsByTheirLines(places: Places): void {
  Object.defineProperty(Error.prototype, inspect.custom, {
    configurable: true,
    value(this: Error): string {
      return errorLines(this, places).join("\n");
    },
  });
}

/** Returns an error with its message, its fields, the lines of cells that it passed through, and its cause. */
export function errorLines(error: Error, places: Places): string[] {
  const way = places.placesOf(error);
  const shown = way.slice(0, MAX_PLACES).map(placeLine);
  if (way.length > shown.length) shown.push(`    … and ${way.length - shown.length} lines more`);
  return [`${headOf(error)}${fieldsOf(error)}`, ...shown, ...causeLines(error, places)];
}

function placeLine({ cell, line, text, functionName }: CellPlace): string {
  const where = functionName ? `in ${functionName}, cell` : "in cell";
  return `    ${where} ${cell.name}, line ${line}: ${text}`;
}

/** Returns the error's own text: its name and message, unless a library has put something better into `stack`. */
function headOf(error: Error): string {
  const stack = String(error.stack);
  const frames = stack.search(/\n {4}at /);
  const head = frames === -1 ? stack : stack.slice(0, frames);
  // V8 puts the line of code before a SyntaxError's message: as compiled, not as it was written.
  const at = head.indexOf(`${error.name}: ${error.message}`);
  return at === -1 ? head : head.slice(at);
}

/** Returns the error's own fields as they are shown after it: ` { code: 'REFUSED' }`. */
function fieldsOf(error: Error): string {
  const { name: _, ...fields } = error;
  return Object.keys(fields).length === 0 ? "" : ` ${inspect(fields)}`;
}

/** Returns what caused the error, unless the message says so already. */
function causeLines({ message, cause }: Error, places: Places): string[] {
  if (!(cause instanceof Error) || message.includes(cause.message)) return [];
  const [first, ...rest] = errorLines(cause, places);
  return [`because of ${first}`, ...rest];
}

const INTERRUPTED: ErrorReport = {
  ename: "Interrupted",
  evalue: "the cell was interrupted",
  traceback: ["Stopped: the cell was interrupted."],
};

/**
 * Returns whether this ends a cell that was interrupted: tslab rejects an awaiting cell with a message, Node.js breaks
 * off a busy one with a code, and the library ends its waits.
 */
function endsInterruptedCell(thrown: unknown): boolean {
  const { message, code } = (thrown ?? {}) as NodeJS.ErrnoException;
  return (
    message === "Interrupted asynchronously" ||
    code === "ERR_SCRIPT_EXECUTION_INTERRUPTED" ||
    isInterrupt(thrown)
  );
}
