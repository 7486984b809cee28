/**
 * The calls of an answer during a check, so that a message about an error, or about a call that never ends, shows
 * what the answer was tried with.
 */
import { types } from "node:util";
import { ByteReader, toHex } from "../wire/bytes";
import type { AnyAnswer, AnyFunction } from "./exercise";
import { show } from "./expect";

export interface Call {
  args: unknown[];
  /** Where readers among the arguments were when the call began. */
  offsets: (number | undefined)[];
  /** A check's own words for the arguments. */
  words?: string;
}

/** The words for the calls that begin now. */
let words: string | undefined;

/**
 * Calls `call`, which calls an answer at once, and returns what it returns. If the answer throws or never finishes,
 * the message says `input`: "five peers, the second of which hangs up".
 *
 * For what is not clear from the arguments. Otherwise the message shows the call.
 */
export function triedWith<T>(input: string, call: () => T): T {
  const before = words;
  words = input;
  try {
    return call();
  } finally {
    words = before;
  }
}

/** Answers, by what checks call in their place. */
const watched = new WeakMap<AnyAnswer, AnyAnswer>();

/** Returns the answer itself that a check calls through a watch: its place knows it by that. */
export function unwatched<Answer extends AnyAnswer>(answer: Answer): Answer {
  return (watched.get(answer) as Answer | undefined) ?? answer;
}

/** Wraps an answer, and remembers its calls. */
export class WatchedCalls {
  /** Throws and returns what the answer does. */
  readonly answer: AnyAnswer;
  /** Whether a call has returned. */
  hasReturned = false;
  /** What was returned last; of a promise, its value. */
  returned: unknown;
  private readonly pending = new Set<Call>();
  /** By what they threw, which may be no object: two calls can throw the same. */
  private readonly ownFailed = new Map<unknown, Call>();

  /**
   * `failed` gets the calls that throw, by their errors: checks that share a call share it. `onError` is called with
   * each error of the answer. An error that comes after the end of the check is no unhandled rejection then.
   */
  constructor(
    private readonly id: string,
    answer: AnyAnswer,
    private readonly failed: Map<unknown, Call>,
    private readonly onError: (error: unknown) => void,
  ) {
    this.answer = new Proxy(answer, {
      apply: (target, self, args: unknown[]) => {
        const call = this.begin(args);
        return this.trying(call, () => this.note(call, Reflect.apply(target as AnyFunction, self, args)));
      },
      construct: (target, args: unknown[]) => {
        const call = this.begin(args);
        const made = this.trying(call, () => Reflect.construct(target, args) as object);
        this.pending.delete(call);
        return made;
      },
    });
    watched.set(this.answer, answer);
  }

  private trying<T>(call: Call, run: () => T): T {
    try {
      return run();
    } catch (error) {
      this.fail(call, error);
      throw error;
    }
  }

  /** Returns whether the answer threw this, and not the check that looked at what the answer had returned. */
  threw(error: unknown): boolean {
    return this.ownFailed.has(error) || this.failed.has(error);
  }

  /** Returns what the call that threw `error` was tried with, or undefined if none did. */
  inputOf(error: unknown): string | undefined {
    const call = this.ownFailed.get(error) ?? this.failed.get(error);
    return call && this.inputText(call);
  }

  /** Returns what the first call that has not ended was tried with, or undefined if all have. */
  inputOfPending(): string | undefined {
    const [call] = this.pending;
    return call && this.inputText(call);
  }

  private begin(args: unknown[]): Call {
    const offsets = args.map((arg) => (arg instanceof ByteReader ? arg.offset : undefined));
    const call = { args, offsets, words };
    this.pending.add(call);
    return call;
  }

  private note(call: Call, result: unknown): unknown {
    this.hasReturned = true;
    this.returned = result;
    if (!types.isPromise(result)) this.pending.delete(call);
    else void Promise.prototype.then.call(result, (value) => this.end(call, value), (error) => this.fail(call, error)); // prettier-ignore
    return result;
  }

  private end(call: Call, value: unknown): void {
    this.pending.delete(call);
    this.returned = value;
  }

  private fail(call: Call, error: unknown): void {
    this.pending.delete(call);
    this.ownFailed.set(error, call);
    if (!this.failed.has(error)) this.failed.set(error, call);
    this.onError(error);
  }

  /** Returns the words for a call, or the call as it would be written: `greeting("/Satoshi:0.16.3/")`. */
  private inputText({ args, offsets, words }: Call): string {
    return words ?? `${this.id}(${args.map((arg, i) => showArgument(arg, offsets[i])).join(", ")})`;
  }
}

/** More bytes than this are shown in part: a version message has fewer. */
const MAX_BYTES = 160;

function showArgument(value: unknown, offset?: number): string {
  if (typeof value === "function") return "a function";
  if (value instanceof Uint8Array) return `${bytesText(value)}${placeInBuffer(value)}`;
  if (!(value instanceof ByteReader) || offset === undefined) return show(value);
  const rest = value.bytes.subarray(offset);
  if (rest.length === 0) return `a reader at the end of ${bytesText(value.bytes)}`;
  return `a reader at byte ${offset} of ${value.bytes.length}, before ${showBytes(rest)}`;
}

function bytesText(bytes: Uint8Array): string {
  if (bytes.length === 0) return "no bytes";
  return `${bytes.length === 1 ? "1 byte" : `${bytes.length} bytes`}: ${showBytes(bytes)}`;
}

/** Returns bytes as hexadecimal; if there are more than `most`, the first of them. */
export function showBytes(bytes: Uint8Array, most = MAX_BYTES): string {
  if (bytes.length <= most) return toHex(bytes) || "nothing";
  return `${toHex(bytes.subarray(0, Math.min(most, 32)))} …`;
}

function placeInBuffer({ byteOffset, length, buffer }: Uint8Array): string {
  if (length === 0 || length === buffer.byteLength) return "";
  return `, a view that begins at byte ${byteOffset} of its buffer`;
}
