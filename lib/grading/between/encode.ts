/** Turns values into JSON. What cannot be copied gets a number, and stays where it is. */
import { types } from "node:util";
import { isClass } from "../../checks/exercise";
import type { CellPlace } from "../../kernel/kernel";
import { formatCount } from "../../util/numbers";
import {
  CannotCross,
  type Coded,
  type CodedClass,
  type CodedEntry,
  type CodedError,
  MOST_BYTES,
  MOST_DEPTH,
  MOST_OBJECTS,
} from "./coded";
import { nameOfShared } from "./shared-classes";

/** What this side has given numbers to, and what it has got from the other side by number. */
export interface Numbers {
  /** Returns the number of something that stays here. */
  give(thing: object): number;
  /** Returns the number that the other side has given to something that came from there. */
  given(thing: object): number | undefined;
  /** Returns where an error was thrown. */
  placesOf(error: Error): CellPlace[];
}

/** A view into a larger buffer brings that along, up to this size: an answer may go wrong over what is around it. */
const MOST_AROUND = 65_536;

/**
 * Encodes a value.
 *
 * Looks at it as little as possible: of a Proxy, and of what throws when it is looked at, nothing crosses but that.
 *
 * @throws CannotCross if it is too large.
 */
export function encode(value: unknown, numbers: Numbers): Coded {
  return new Encoder(numbers).encode(value, 0);
}

/**
 * Encodes arguments. `objects` are those that were copied, in their order.
 *
 * What is among `known` says which one of these it was.
 */
export function encodeAll(
  values: readonly unknown[],
  numbers: Numbers,
  known?: ReadonlyMap<object, number>,
): { coded: Coded[]; objects: object[] } {
  const encoder = new Encoder(numbers, known);
  return { coded: values.map((value) => encoder.encode(value, 0)), objects: encoder.objects };
}

/** Encodes an instance of a class as a thing that stays here. */
export function encodeInstance(instance: object, numbers: Numbers): Coded {
  return { t: "instance", id: numbers.give(instance), c: classNameOf(instance) };
}

class Encoder {
  private readonly seen = new Map<object, number>();
  private bytes = 0;

  constructor(
    private readonly numbers: Numbers,
    private readonly known?: ReadonlyMap<object, number>,
  ) {}

  get objects(): object[] {
    return [...this.seen.keys()];
  }

  encode(value: unknown, depth: number): Coded {
    switch (typeof value) {
      case "string":
        return this.text(value);
      case "number":
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : { t: "number", v: Object.is(value, -0) ? "-0" : String(value) };
      case "boolean":
        return value;
      case "bigint":
        return { t: "bigint", v: this.text(String(value)) };
      case "symbol":
        return { t: "symbol", v: this.text(value.description ?? "") };
      case "undefined":
        return { t: "undefined" };
      default:
        return value === null ? null : this.encodeThing(value as object, depth + 1);
    }
  }

  private text(text: string): string {
    this.bytes += text.length;
    if (this.bytes > MOST_BYTES) throw new CannotCross(`more than ${formatCount(MOST_BYTES)} bytes`);
    return text;
  }

  private encodeThing(thing: object, depth: number): Coded {
    const id = this.numbers.given(thing);
    if (id !== undefined) return { t: "back", id };
    const i = this.seen.get(thing);
    if (i !== undefined) return { t: "seen", i };
    if (typeof thing === "function") return this.encodeFunction(thing);
    if (types.isProxy(thing)) return { t: "proxy" };
    if (types.isPromise(thing)) return { t: "promise", id: this.numbers.give(thing) };
    if (thing instanceof AbortSignal)
      return { t: "signal", id: this.numbers.give(thing), aborted: thing.aborted };
    this.seen.set(thing, this.seen.size);
    if (this.seen.size > MOST_OBJECTS)
      throw new CannotCross(`more than ${formatCount(MOST_OBJECTS)} objects`);
    if (depth > MOST_DEPTH) throw new CannotCross(`nested deeper than ${MOST_DEPTH} levels`);
    const now = this.encodeContents(thing, depth);
    const was = this.known?.get(thing);
    return was === undefined ? now : { t: "was", i: was, now };
  }

  private encodeContents(thing: object, depth: number): Coded {
    const inside = (value: unknown) => this.encode(value, depth);
    if (Array.isArray(thing)) return { t: "array", v: this.items(thing, inside) };
    if (types.isMap(thing))
      return { t: "map", v: [...thing].map(([key, value]) => [inside(key), inside(value)]) };
    if (types.isSet(thing)) return { t: "set", v: [...thing].map(inside) };
    if (types.isDate(thing)) return { t: "date", v: Number.isNaN(+thing) ? null : +thing };
    if (types.isRegExp(thing)) return { t: "regexp", source: thing.source, flags: thing.flags };
    if (ArrayBuffer.isView(thing)) return this.encodeBytes(thing);
    if (types.isAnyArrayBuffer(thing)) return this.encodeBytes(new Uint8Array(thing), "ArrayBuffer");
    if (types.isNativeError(thing) || thing instanceof Error) return this.encodeError(thing, depth);
    const iterable = this.encodeIterable(thing);
    return iterable ?? this.encodeObject(thing, depth);
  }

  private items(list: unknown[], inside: (value: unknown) => Coded): Coded[] {
    if (list.length > MOST_OBJECTS) throw new CannotCross(`a list with ${formatCount(list.length)} places`);
    return Array.from({ length: list.length }, (_, i) => (i in list ? inside(list[i]) : { t: "hole" }));
  }

  private encodeFunction(thing: object): Coded {
    const name = valueOf(thing, "name");
    const shown = typeof name === "string" ? name.slice(0, 200) : "";
    return { t: "function", id: this.numbers.give(thing), name: shown, isClass: isClass(thing as never) };
  }

  private encodeBytes(view: ArrayBufferView, c = classNameOf(view)): Coded {
    const { buffer, byteOffset, byteLength } = view;
    const whole = buffer.byteLength <= MOST_AROUND;
    const [start, length] = whole ? [0, buffer.byteLength] : [byteOffset, byteLength];
    const v = this.text(Buffer.from(buffer as ArrayBuffer, start, length).toString("base64"));
    return { t: "bytes", c, v, offset: byteOffset - start, length: byteLength };
  }

  private encodeError(error: Error, depth: number): CodedError {
    const { name, message, stack } = error;
    return {
      t: "error",
      id: this.numbers.give(error),
      c: classOf(error),
      isNative: types.isNativeError(error),
      name: this.text(String(name).slice(0, 200)),
      message: this.text(String(message)),
      stack: this.text(typeof stack === "string" ? stack : ""),
      v: [...this.entries(error, depth), ...this.causeOf(error, depth)],
      places: this.numbers.placesOf(error).map(({ cell, ...place }) => ({ ...place, cell: cell.name })),
    };
  }

  private causeOf(error: Error, depth: number): CodedEntry[] {
    return Object.hasOwn(error, "cause") ? [["cause", this.encode(error.cause, depth)]] : [];
  }

  /** Encodes an iterable that is no collection: it stays where it is, and is asked for its items one by one. */
  private encodeIterable(thing: object): Coded | undefined {
    const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = thing as Partial<
      AsyncIterable<unknown> & Iterable<unknown>
    >;
    if (typeof later !== "function" && typeof now !== "function") return undefined;
    if (nameOfShared(Object.getPrototypeOf(thing) as object)) return undefined;
    const c = Object.prototype.toString.call(thing).slice(8, -1);
    const isIterator = typeof (thing as Partial<Iterator<unknown>>).next === "function";
    const iterator = isIterator ? thing : typeof later === "function" ? later.call(thing) : now!.call(thing);
    return { t: "iterable", id: this.numbers.give(iterator), c, isAsync: typeof later === "function" };
  }

  private encodeObject(thing: object, depth: number): Coded {
    const c = classOf(thing);
    const v = this.entries(thing, depth);
    if (c === null || c === "" || "shared" in c) return { t: "object", c, v };
    return { t: "object", c, v, hidden: this.inherited(thing, depth) };
  }

  private entries(thing: object, depth: number): CodedEntry[] {
    return Object.keys(thing).map((key) => [this.text(key), this.encode(valueOf(thing, key), depth)]);
  }

  /** Returns what an object of a class of one's own has from its class: methods, and the values of getters. */
  private inherited(thing: object, depth: number): CodedEntry[] {
    const names = new Set<string>();
    for (let at = prototypeOf(thing); at && at !== Object.prototype; at = prototypeOf(at)) {
      for (const name of Object.getOwnPropertyNames(at)) if (name !== "constructor") names.add(name);
    }
    return [...names]
      .filter((name) => !Object.hasOwn(thing, name))
      .map((name) => {
        const value = valueOf(thing, name);
        const bound = typeof value === "function" ? (value.bind(thing) as unknown) : value;
        return [name, this.encode(bound, depth)];
      });
  }
}

function prototypeOf(thing: object): object | null {
  return Object.getPrototypeOf(thing) as object | null;
}

/** Returns a property's value, or what its getter throws. */
function valueOf(thing: object, key: string): unknown {
  try {
    return (thing as Record<string, unknown>)[key];
  } catch (error) {
    return error;
  }
}

function classOf(thing: object): CodedClass {
  const prototype = prototypeOf(thing);
  if (prototype === null) return null;
  if (prototype === Object.prototype) return "";
  const shared = nameOfShared(prototype);
  return shared === undefined ? { own: classNameOf(thing) } : { shared };
}

function classNameOf(thing: object): string {
  const name = (valueOf(thing, "constructor") as { name?: unknown } | undefined)?.name;
  return typeof name === "string" ? name.slice(0, 200) : "";
}
