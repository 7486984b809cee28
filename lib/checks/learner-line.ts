/**
 * Finds the line of the learner's own code that an error came from.
 *
 * A cell runs as JavaScript without a source map, so the stack's line numbers are not the cell's.
 * V8 knows the line of its script on which the function begins (the inspector's [[FunctionLocation]]).
 * The difference between that line and the stack's is the line within the function's text.
 * https://chromedevtools.github.io/devtools-protocol/v8/Runtime/#method-getProperties
 */
import { Session, type Runtime } from "node:inspector";
import type { AnyFunction } from "./exercise";

/** Returns the line of `fn` that threw `error`, trimmed, or undefined if it cannot be found. */
export function learnerLine(fn: AnyFunction, error: Error): string | undefined {
  try {
    const start = functionLine(fn);
    const lines = Function.prototype.toString.call(fn).split("\n");
    const inside = framesOf(error).find((line) => line >= start && line < start + lines.length);
    return inside === undefined ? undefined : plainNames(lines[inside - start].trim()).slice(0, 120);
  } catch {
    return undefined; // no inspector here, or no stack
  }
}

/** Returns the line numbers, from 0, of the frames of a stack that are in a cell. */
function framesOf(error: Error): number[] {
  const frames = [...String(error.stack).matchAll(/evalmachine\.<anonymous>:(\d+):\d+/g)];
  return frames.map(([, line]) => Number(line) - 1);
}

/** Returns the line of its script, from 0, on which a function begins. */
function functionLine(fn: AnyFunction): number {
  const key = "__course_function__";
  const holder = globalThis as { [key]?: AnyFunction };
  const session = new Session();
  session.connect();
  try {
    holder[key] = fn;
    const { result } = post<Runtime.EvaluateReturnType>(session, "Runtime.evaluate", { expression: key });
    const { internalProperties = [] } = post<Runtime.GetPropertiesReturnType>(
      session,
      "Runtime.getProperties",
      {
        objectId: result.objectId,
        ownProperties: true,
      },
    );
    const location = internalProperties.find(({ name }) => name === "[[FunctionLocation]]");
    return (location?.value?.value as { lineNumber: number }).lineNumber;
  } finally {
    delete holder[key];
    session.disconnect();
  }
}

/** Sends a command to the inspector. A session in the same thread answers before `post` returns. */
function post<T>(session: Session, method: string, parameters: object): T {
  let answer: unknown;
  session.post(method, parameters, (error, result) => {
    if (error) throw error;
    answer = result;
  });
  return answer as T;
}

/** Removes what the compiler wrote around the names of imports and of other cells. */
export function plainNames(code: string): string {
  return code
    .replace(/\(0, (?:\w+_\d+|exports)\.(?!default\b)(\w+)\)/g, "$1")
    .replace(/\b(?:\w+_\d+|exports)\.(?!default\b)(\w+)/g, "$1");
}
