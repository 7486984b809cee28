/**
 * What a failing cell shows. tslab prints the whole stack of an error, and most of that is the
 * kernel's own inside. In a kernel, an error shows its message, its fields, and the names of the
 * functions it passed through on its way out of the cell; nothing else.
 *
 * Line numbers go too: a cell runs as JavaScript without a source map, so they are not the cell's.
 */
import { inspect, type InspectOptions } from "node:util";
import { kernelGlobals } from "../../checks/kernel-globals";

const INTERRUPTED = "Interrupted asynchronously";

/** Makes errors show without the kernel's inside, if we are in a kernel. */
export function shortenCellErrors(): void {
  if (!kernelGlobals()) return;
  Object.defineProperty(Error.prototype, inspect.custom, {
    configurable: true,
    value(this: Error, _depth: number, options: InspectOptions): string {
      return errorText(this, options);
    },
  });
}

/** An error as a failing cell shows it. */
export function errorText(error: Error, options: InspectOptions = {}): string {
  if (error.message === INTERRUPTED) return "Stopped: the cell was interrupted.";
  return shortStack(error) + fieldsOf(error, options) + causeOf(error, options);
}

/** Of a stack the message, and the cell's own functions. */
function shortStack(error: Error): string {
  const stack = String(error.stack);
  const frames = stack.search(/\n {4}at /);
  if (frames === -1) return stack;
  const own = [...stack.slice(frames).matchAll(/\n {4}at (?:async )?(\S+) \(evalmachine\.<anonymous>/g)]
    .map(([, name]) => name.replace(/^exports\./, ""))
    .filter((name) => !name.endsWith("<anonymous>"));
  return messageOf(error, stack.slice(0, frames)) + own.map((name) => `\n    in ${name}`).join("");
}

/** V8 may put the line of code before the message, as compiled: not what the learner wrote. */
function messageOf(error: Error, head: string): string {
  const at = head.indexOf(`${error.name}: ${error.message}`);
  return at === -1 ? head : head.slice(at);
}

/** `{ code: 'REFUSED' }` */
function fieldsOf(error: Error, options: InspectOptions): string {
  const { name: _, ...fields } = error;
  return Object.keys(fields).length === 0 ? "" : ` ${inspect(fields, options)}`;
}

/** What caused it, unless the message says so already. */
function causeOf({ message, cause }: Error, options: InspectOptions): string {
  if (!(cause instanceof Error) || message.includes(cause.message)) return "";
  return `\nbecause of ${errorText(cause, options)}`;
}
