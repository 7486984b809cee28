/**
 * The calls of an answer during a check, so that a message about an error, or about a call that never ends, shows
 * what the answer was tried with.
 */
import { types } from "node:util";
import { ByteReader, toHex } from "../wire/bytes";
import type { AnyFunction } from "./exercise";
import { show } from "./expect";

/** One call: its arguments, and where a reader among them was when the call began. */
interface Call {
  args: unknown[];
  offsets: (number | undefined)[];
}

/** Words that a check has for the input of a call, by the error that the call threw. */
const inputs = new WeakMap<object, string>();

/**
 * Calls `call`, and returns what it returns. If it throws or rejects, the message says `input`:
 * "five peers, the second of which hangs up".
 *
 * For what is not clear from a call's arguments alone. Otherwise the message shows the call.
 */
export function triedWith<T>(input: string, call: () => T): T {
  const note = (error: unknown): void => {
    if (isObject(error)) inputs.set(error, input);
  };
  try {
    const result = call();
    if (types.isPromise(result)) void Promise.prototype.then.call(result, undefined, note);
    return result;
  } catch (error) {
    note(error);
    throw error;
  }
}

/** Wraps an answer, and remembers its calls. */
export class WatchedCalls {
  /** Throws and returns what the answer does. */
  readonly answer: AnyFunction;
  /** Whether a call has returned. */
  hasReturned = false;
  /** What was returned last. */
  returned: unknown;
  private readonly pending = new Set<Call>();
  private readonly failed = new Map<unknown, Call>();

  /**
   * `onError` is called with each error of the answer. An error that comes after the end of the check is no
   * unhandled rejection then.
   */
  constructor(
    private readonly id: string,
    answer: AnyFunction,
    onError: (error: unknown) => void,
  ) {
    this.answer = (...args: unknown[]) => {
      const call = { args, offsets: args.map((arg) => (arg instanceof ByteReader ? arg.offset : undefined)) };
      this.pending.add(call);
      try {
        const result: unknown = answer(...args);
        if (types.isPromise(result)) this.follow(result, call, onError);
        else this.end(call, result);
        return result;
      } catch (error) {
        this.fail(call, error, onError);
        throw error;
      }
    };
  }

  /** Whether the answer threw this, and not the check that looked at what the answer had returned. */
  threw(error: unknown): boolean {
    return this.failed.has(error);
  }

  /** Returns what the call that threw `error` was tried with, or undefined if none did. */
  inputOf(error: unknown): string | undefined {
    const words = isObject(error) ? inputs.get(error) : undefined;
    const call = this.failed.get(error);
    return words ?? (call && this.text(call));
  }

  /** Returns what the first call that has not ended was tried with, or undefined if all have. */
  inputOfPending(): string | undefined {
    const [call] = this.pending;
    return call && this.text(call);
  }

  private follow(result: Promise<unknown>, call: Call, onError: (error: unknown) => void): void {
    void Promise.prototype.then.call(
      result,
      (value) => this.end(call, value),
      (error) => this.fail(call, error, onError),
    );
  }

  private end(call: Call, returned: unknown): void {
    this.pending.delete(call);
    this.hasReturned = true;
    this.returned = returned;
  }

  private fail(call: Call, error: unknown, onError: (error: unknown) => void): void {
    this.pending.delete(call);
    this.failed.set(error, call);
    onError(error);
  }

  /** Returns a call as it would be written: `greeting("/Satoshi:0.16.3/")`. */
  private text({ args, offsets }: Call): string {
    return `${this.id}(${args.map((arg, i) => showArgument(arg, offsets[i])).join(", ")})`;
  }
}

/** More bytes than this are shown in part: a version message has fewer. */
const MAX_BYTES = 160;

function showArgument(value: unknown, offset?: number): string {
  if (typeof value === "function") return "a function";
  if (value instanceof Uint8Array) return `${count(value.length)}: ${showBytes(value)}${placeInBuffer(value)}`;
  if (!(value instanceof ByteReader) || offset === undefined) return show(value);
  const { bytes } = value;
  return `a reader at byte ${offset} of ${bytes.length}, before ${showBytes(bytes.subarray(offset))}`;
}

/** Returns bytes as hexadecimal; if there are more than `most`, the first of them. */
export function showBytes(bytes: Uint8Array, most = MAX_BYTES): string {
  if (bytes.length <= most) return toHex(bytes) || "nothing";
  return `${toHex(bytes.subarray(0, Math.min(most, 32)))} …`;
}

function count(length: number): string {
  return length === 1 ? "1 byte" : `${length} bytes`;
}

function placeInBuffer({ byteOffset, length, buffer }: Uint8Array): string {
  if (length === buffer.byteLength) return "";
  return `, a view that begins at byte ${byteOffset} of its buffer`;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
