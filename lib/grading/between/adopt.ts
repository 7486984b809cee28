/** Brings what an answer has changed in its arguments back to the arguments themselves. */
import { types } from "node:util";

/** Makes `mine` hold what `theirs`, its changed copy, holds. Leaves alone what cannot be changed. */
export function adopt(mine: object, theirs: object): void {
  if (types.isProxy(mine) || types.isProxy(theirs)) return;
  try {
    adoptContents(mine, theirs);
  } catch {
    // What is frozen was not changed.
  }
}

function adoptContents(mine: object, theirs: object): void {
  if (mine instanceof Uint8Array) {
    if (theirs instanceof Uint8Array && theirs.length === mine.length) mine.set(theirs);
  } else if (mine instanceof Map && theirs instanceof Map) {
    mine.clear();
    for (const [key, value] of theirs) mine.set(key, value);
  } else if (mine instanceof Set && theirs instanceof Set) {
    mine.clear();
    for (const value of theirs) mine.add(value);
  } else adoptProperties(mine as Properties, theirs as Properties);
}

type Properties = Record<string, unknown>;

function adoptProperties(mine: Properties, theirs: Properties): void {
  if (Array.isArray(mine) && Array.isArray(theirs)) mine.length = theirs.length;
  for (const key of Object.keys(mine)) if (!Object.hasOwn(theirs, key)) delete mine[key];
  for (const [key, value] of Object.entries(theirs)) {
    if (!Object.is(mine[key], value))
      Object.defineProperty(mine, key, { value, enumerable: true, writable: true, configurable: true });
  }
}
