/**
 * Finds the line of the learner's own code that an error came from.
 *
 * In a notebook the kernel knows the cell, the line and its text.
 *
 * The grader runs cells as JavaScript without a source map, so the stack's line numbers are not the cell's.
 * V8 knows the line of its script on which the function begins (the inspector's [[FunctionLocation]]).
 * The difference between that line and the stack's is the line within the function's text.
 * https://chromedevtools.github.io/devtools-protocol/v8/Runtime/#method-getProperties
 */
import { Session, type Runtime } from "node:inspector";
import { kernel } from "../kernel/kernel";
import type { AnyAnswer } from "./exercise";

/**
 * Returns where in the learner's code `error` was thrown, as it is said in a message: `in your line: return a.b;`.
 *
 * In a notebook it names the cell too, which may be another than that of `fn`: an earlier exercise's.
 * Returns undefined if the place cannot be known.
 */
export function learnerLine(fn: AnyAnswer, error: Error): string | undefined {
  const place = kernel()?.placesOf(error)[0];
  if (place) return `in cell [${place.cell.number}], line ${place.line}: ${place.text.slice(0, MAX_LENGTH)}`;
  const line = lineOf(fn, error);
  return line === undefined ? undefined : `in your line: ${line}`;
}

/** A line is cut after this many characters. */
const MAX_LENGTH = 120;

/** Returns the line of `fn` that threw `error`, trimmed, or undefined if it cannot be found. */
function lineOf(fn: AnyAnswer, error: Error): string | undefined {
  try {
    const start = functionLine(fn);
    const lines = Function.prototype.toString.call(fn).split("\n");
    const inside = framesOf(error).find((line) => line >= start && line < start + lines.length);
    return inside === undefined ? undefined : plainNames(lines[inside - start].trim()).slice(0, MAX_LENGTH);
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
function functionLine(fn: AnyAnswer): number {
  const key = "__course_function__";
  const holder = globalThis as { [key]?: AnyAnswer };
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
