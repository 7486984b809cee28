/** Makes values of JSON that the other side has sent. That may be anything: it is looked at before it is believed. */
import type { CellPlace } from "../../kernel/kernel";
import { adopt } from "./adopt";
import {
  type Coded,
  type CodedClass,
  type CodedEntry,
  type CodedError,
  type CodedTag,
  MOST_BYTES,
  MOST_DEPTH,
} from "./coded";
import { BYTES, define, errorPrototype, escaped, flagsOf, cellPlaceOf, prototypeFor } from "./revive";
import { bad, fail, list, text, whole } from "./trust";

/** What stands here for things that stay on the other side. */
export interface StandIns {
  /** Returns what this side has given that number to. Throws a BadMessage if nothing has it. */
  own(id: number): object;
  /** Returns what stands here for that number of the other side, if something does. */
  known(id: number): object | undefined;
  /** Remembers that something came from the other side with that number. */
  came(thing: object, id: number): void;
  function(id: number, name: string, isClass: boolean): object;
  instance(id: number, className: string): object;
  promise(id: number): object;
  signal(id: number, aborted: boolean): object;
  iterable(id: number, className: string, isAsync: boolean): object;
  /** Notes where an error was thrown. */
  threwAt(error: Error, places: CellPlace[]): void;
}

/** Decodes a value. Throws a BadMessage if it is none. */
export function decode(coded: Coded, standIns: StandIns): unknown {
  return new Decoder(standIns).decode(coded, 0);
}

/** Decodes arguments. `objects` are those that were made, in their order. */
export function decodeAll(
  coded: readonly Coded[],
  standIns: StandIns,
): { values: unknown[]; objects: object[] } {
  const decoder = new Decoder(standIns);
  return { values: list(coded).map((one) => decoder.decode(one, 0)), objects: decoder.seen };
}

/** Brings changed arguments back to `objects`, those of the request. */
export function decodeChanges(coded: readonly Coded[], standIns: StandIns, objects: readonly object[]): void {
  const decoder = new Decoder(standIns, objects);
  for (const one of list(coded)) decoder.decode(one, 0);
}

/** Makes `objects` hold again what they held when they were encoded. */
export function restore(coded: readonly Coded[], standIns: StandIns, objects: readonly object[]): void {
  const decoder = new Decoder(standIns, objects, true);
  for (const one of coded) decoder.decode(one, 0);
}

class Decoder {
  readonly seen: object[] = [];

  /**
   * @param originals What the other side has changed a copy of.
   * @param areAll Whether all objects are copies of these, in their order.
   */
  constructor(
    private readonly standIns: StandIns,
    private readonly originals: readonly object[] = [],
    private readonly areAll = false,
  ) {}

  decode(coded: Coded, depth: number): unknown {
    if (coded === null || typeof coded === "string" || typeof coded === "boolean") return coded;
    if (typeof coded === "number") return coded;
    if (typeof coded !== "object" || Array.isArray(coded)) throw bad(coded);
    if (depth > MOST_DEPTH) throw bad("a value that is nested too deeply");
    const at = this.seen.length;
    if (coded.t === "was") return this.adopt(at, whole(coded.i), this.decode(coded.now, depth + 1));
    const thing = this.decodeTag(coded, depth + 1);
    return this.areAll && at < this.seen.length && this.seen[at] === thing
      ? this.adopt(at, at, thing)
      : thing;
  }

  /** Lets an original hold what `thing` holds, in whose place it is from now on. */
  private adopt(at: number, original: number, thing: unknown): object {
    const mine = this.originals[original];
    if (mine === undefined || typeof thing !== "object" || thing === null) throw bad(thing);
    adopt(mine, thing);
    this.seen[at] = mine;
    return mine;
  }

  private decodeTag(coded: CodedTag, depth: number): unknown {
    const { standIns } = this;
    switch (coded.t) {
      case "undefined":
      case "hole":
        return undefined;
      case "proxy":
        return new Proxy({}, {});
      case "number":
        return Number(text(coded.v));
      case "bigint":
        if (!/^-?\d{1,100000}$/.test(text(coded.v))) throw bad(coded);
        return BigInt(coded.v);
      case "symbol":
        return Symbol(text(coded.v));
      case "seen":
        return this.seen[whole(coded.i)] ?? fail(coded);
      case "back":
        return standIns.own(whole(coded.id));
      case "function":
        return this.same(coded.id) ?? standIns.function(coded.id, text(coded.name), coded.isClass === true);
      case "instance":
        return this.same(coded.id) ?? standIns.instance(coded.id, text(coded.c));
      case "promise":
        return this.same(coded.id) ?? standIns.promise(coded.id);
      case "signal":
        return standIns.signal(whole(coded.id), coded.aborted === true);
      case "iterable":
        return this.remember(
          this.same(coded.id) ?? standIns.iterable(coded.id, text(coded.c), coded.isAsync === true),
        );
      case "error":
        return this.decodeError(coded, depth);
      default:
        return this.decodeContents(coded, depth);
    }
  }

  private decodeContents(coded: CodedTag, depth: number): unknown {
    const inside = (value: Coded) => this.decode(value, depth);
    switch (coded.t) {
      case "array":
        return this.decodeList(coded.v, depth);
      case "map": {
        const map = this.remember(new Map<unknown, unknown>());
        for (const [key, value] of list(coded.v)) map.set(inside(key), inside(value));
        return map;
      }
      case "set": {
        const set = this.remember(new Set<unknown>());
        for (const value of list(coded.v)) set.add(inside(value));
        return set;
      }
      case "date":
        return this.remember(new Date(typeof coded.v === "number" ? coded.v : NaN));
      case "regexp":
        return this.remember(new RegExp(escaped(text(coded.source)), flagsOf(text(coded.flags))));
      case "bytes":
        return this.decodeBytes(coded);
      case "object":
        return this.decodeObject(coded.c, list(coded.v), list(coded.hidden ?? []), depth);
      default:
        throw bad(coded);
    }
  }

  /** Returns what came before with this number: it is the same now. */
  private same(id: number): object | undefined {
    return this.standIns.known(whole(id));
  }

  private remember<T extends object>(thing: T): T {
    this.seen.push(thing);
    return thing;
  }

  private decodeList(coded: Coded[], depth: number): unknown[] {
    const values = this.remember(new Array<unknown>(list(coded).length));
    coded.forEach((value, i) => {
      if ((value as CodedTag | null)?.t !== "hole") values[i] = this.decode(value, depth);
    });
    return values;
  }

  private decodeBytes({ c, v, offset, length }: Extract<CodedTag, { t: "bytes" }>): object {
    const bytes = Buffer.from(text(v), "base64");
    const buffer = new ArrayBuffer(bytes.length);
    new Uint8Array(buffer).set(bytes);
    const isInside = whole(offset) + whole(length) <= buffer.byteLength && buffer.byteLength <= MOST_BYTES;
    const make = BYTES.get(c) ?? BYTES.get("Uint8Array")!;
    if (!isInside) throw bad("a view that leaves its buffer");
    return this.remember(make(buffer, offset, length));
  }

  private decodeObject(
    c: CodedClass,
    entries: readonly CodedEntry[],
    hidden: readonly CodedEntry[],
    depth: number,
  ): object {
    const thing = this.remember(Object.create(prototypeFor(c)) as object);
    for (const [key, value] of entries) define(thing, text(key), this.decode(value, depth), true);
    for (const [key, value] of hidden) define(thing, text(key), this.decode(value, depth), false);
    return thing;
  }

  private decodeError(coded: CodedError, depth: number): Error {
    const before = this.same(coded.id);
    const prototype = errorPrototype(coded.c);
    const error = coded.isNative ? new Error(text(coded.message)) : (Object.create(prototype) as Error);
    this.remember(error);
    if (coded.isNative) Object.setPrototypeOf(error, prototype);
    define(error, "message", coded.message, false);
    define(error, "stack", text(coded.stack), false);
    for (const [key, value] of list(coded.v)) {
      define(error, text(key), this.decode(value, depth), key !== "cause");
    }
    if (error.name !== coded.name) define(error, "name", text(coded.name), false);
    if (before instanceof Error) return before;
    this.standIns.came(error, coded.id);
    this.standIns.threwAt(error, list(coded.places).map(cellPlaceOf));
    return error;
  }
}
