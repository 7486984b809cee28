/** How values look between the judge and a learner's process: as JSON, which neither side can harm the other with. */

/** A value of JSON as it is, or an object with a tag. */
export type Coded = null | boolean | number | string | CodedTag;

export type CodedTag =
  | { t: "undefined" | "hole" | "proxy" }
  | { t: "number" | "bigint" | "symbol"; v: string }
  /** Something that was met before in the same message. */
  | { t: "seen"; i: number }
  /** An argument, or a part of one, as it looks now: by its place among the objects of the request. */
  | { t: "was"; i: number; now: Coded }
  /** Something that the receiver has sent before, by the number that it gave it. */
  | { t: "back"; id: number }
  | { t: "array"; v: Coded[] }
  | { t: "map"; v: [Coded, Coded][] }
  | { t: "set"; v: Coded[] }
  | { t: "date"; v: number | null }
  | { t: "regexp"; source: string; flags: string }
  | { t: "bytes"; c: string; v: string; offset: number; length: number }
  | { t: "object"; c: CodedClass; v: CodedEntry[]; hidden?: CodedEntry[] }
  | CodedError
  /** Things that stay where they are. */
  | { t: "function"; id: number; name: string; isClass: boolean }
  | { t: "instance"; id: number; c: string }
  | { t: "promise"; id: number }
  | { t: "signal"; id: number; aborted: boolean }
  | { t: "iterable"; id: number; c: string; isAsync: boolean };

export type CodedEntry = [key: string, value: Coded];

/** What an object is an instance of: nothing, `Object`, a class that both sides have, or a class of the sender's. */
export type CodedClass = null | "" | { shared: string } | { own: string };

export interface CodedError {
  t: "error";
  id: number;
  c: CodedClass;
  /** Whether it is a real Error, and not something that only has its prototype. */
  isNative: boolean;
  name: string;
  message: string;
  stack: string;
  v: CodedEntry[];
  /** Where it was thrown, for the message: see kernel/kernel.ts. */
  places: { cell: string; line: number; text: string; functionName?: string }[];
}

/** A value that cannot cross. */
export class CannotCross extends Error {
  override readonly name = "CannotCross";
}

/** A message that the other side cannot have sent as long as it is ours. */
export class BadMessage extends Error {
  override readonly name = "BadMessage";
}

/** The largest value that crosses: its objects, their nesting, and its characters and bytes. */
export const MOST_OBJECTS = 500_000;
export const MOST_DEPTH = 200;
export const MOST_BYTES = 32_000_000;
