/** Objects in the image of those of the other side: their classes, their bytes, and where errors were thrown. */
import type { CellPlace } from "../../kernel/kernel";
import type { CodedClass, CodedError } from "./coded";
import { sharedPrototype } from "./shared-classes";
import { fail, text, whole } from "./trust";

export const BYTES = new Map<string, (buffer: ArrayBuffer, offset: number, length: number) => object>([
  ["Buffer", (buffer, offset, length) => Buffer.from(buffer, offset, length)],
  ["ArrayBuffer", (buffer) => buffer],
  ["DataView", (buffer, offset, length) => new DataView(buffer, offset, length)],
]);
for (const Numbers of [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
]) {
  const size = Numbers.BYTES_PER_ELEMENT;
  BYTES.set(Numbers.name, (buffer, offset, length) => new Numbers(buffer, offset, length / size));
}

/** Gives an object a property, whatever its prototype has of that name. */
export function define(thing: object, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(thing, key, { value, enumerable, writable: true, configurable: true });
}

/** Returns the prototype for objects of a class. */
export function prototypeFor(c: CodedClass): object | null {
  if (c === null) return null;
  if (c === "") return Object.prototype;
  if ("shared" in c) return sharedPrototype(text(c.shared)) ?? fail(c);
  return prototypeNamed(text(c.own));
}

/** Makes a class of that name that is no more than its name, so that messages show it. */
export function prototypeNamed(name: string): object {
  const { prototype } = class {};
  Object.defineProperty(prototype.constructor, "name", { value: name });
  return prototype;
}

/** Returns the prototype for errors of a class: that of `Error`, unless both sides have the class. */
export function errorPrototype(c: CodedClass): object {
  const prototype = c !== null && c !== "" && "shared" in c ? sharedPrototype(text(c.shared)) : undefined;
  return prototype instanceof Error || prototype === Error.prototype ? prototype : Error.prototype;
}

/** Returns the flags of a regular expression that is only ever shown and compared; none if they are no flags. */
export function flagsOf(flags: string): string {
  return /^[dgimsuvy]{0,8}$/.test(flags) ? flags : "";
}

/** Returns the source of a regular expression as it is written: `(?:)` for an empty one. */
export function escaped(source: string): string {
  return source === "" ? "(?:)" : source;
}

/**
 * Returns where in a cell an error of the other side was thrown.
 *
 * @throws BadMessage if this is no such place.
 */
export function cellPlaceOf({
  cell,
  line,
  text: source,
  functionName,
}: CodedError["places"][number]): CellPlace {
  const name = text(cell);
  return {
    cell: { number: 0, name, source: "", status: "done" },
    line: whole(line),
    text: text(source),
    functionName: functionName === undefined ? undefined : text(functionName),
  };
}
