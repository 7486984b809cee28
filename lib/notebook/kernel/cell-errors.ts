/**
 * Shortens what a failing cell shows of an error.
 *
 * tslab prints the whole stack, and most of its frames are the kernel's. In a kernel, an error shows
 * its message, its fields, and the cell functions that were on the stack; nothing else. Line numbers
 * are left out: a cell runs as JavaScript without a source map, so they are not the cell's.
 */
import { inspect, type InspectOptions } from "node:util";
import { kernelGlobals } from "../../checks/kernel-globals";

const INTERRUPTED = "Interrupted asynchronously";

/** Makes `util.inspect` show errors without the kernel's frames, if this process is a kernel. */
export function shortenCellErrors(): void {
  if (!kernelGlobals()) return;
  Object.defineProperty(Error.prototype, inspect.custom, {
    configurable: true,
    value(this: Error, _depth: number, options: InspectOptions): string {
      return errorText(this, options);
    },
  });
}

/** Returns an error as a failing cell shows it. */
export function errorText(error: Error, options: InspectOptions = {}): string {
  if (error.message === INTERRUPTED) return "Stopped: the cell was interrupted.";
  return shortStack(error) + fieldsOf(error, options) + causeOf(error, options);
}

/** Returns a stack's message, and the names of the cell functions on it. */
function shortStack(error: Error): string {
  const stack = String(error.stack);
  const frames = stack.search(/\n {4}at /);
  if (frames === -1) return stack;
  const own = [...stack.slice(frames).matchAll(/\n {4}at (?:async )?(\S+) \(evalmachine\.<anonymous>/g)]
    .map(([, name]) => name.replace(/^exports\./, ""))
    .filter((name) => !name.endsWith("<anonymous>"));
  return messageOf(error, stack.slice(0, frames)) + own.map((name) => `\n    in ${name}`).join("");
}

/** Removes the line of compiled code that V8 may print before the message. */
function messageOf(error: Error, head: string): string {
  const at = head.indexOf(`${error.name}: ${error.message}`);
  return at === -1 ? head : head.slice(at);
}

/** Returns an error's own fields: ` { code: 'REFUSED' }`. */
function fieldsOf(error: Error, options: InspectOptions): string {
  const { name: _, ...fields } = error;
  return Object.keys(fields).length === 0 ? "" : ` ${inspect(fields, options)}`;
}

/** Returns the cause of an error, unless its message contains the cause's message. */
function causeOf({ message, cause }: Error, options: InspectOptions): string {
  if (!(cause instanceof Error) || message.includes(cause.message)) return "";
  return `\nbecause of ${errorText(cause, options)}`;
}
