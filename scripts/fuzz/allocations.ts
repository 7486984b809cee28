/** Counts the memory that code sets aside as `Uint8Array`s, so that what a peer makes us take can be held against what it sent. */

let allocated = 0;

/** From now on, counts. Gives back what ends it. */
export function countAllocations(): () => void {
  const Original = globalThis.Uint8Array;
  globalThis.Uint8Array = new Proxy(Original, {
    construct(target, args, newTarget) {
      if (typeof args[0] === "number") allocated += args[0];
      return Reflect.construct(target, args, newTarget) as Uint8Array;
    },
  });
  return () => void (globalThis.Uint8Array = Original);
}

/** How many bytes of new arrays have been asked for while they were counted. */
export function allocatedSoFar(): number {
  return allocated;
}
