/**
 * Counts the memory that code allocates as `Uint8Array`s, to compare what a peer makes us allocate with what
 * it sent.
 */

let allocated = 0;

/** Starts counting. Returns a function that ends it. */
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

/** Returns how many bytes of new arrays were allocated while counting. */
export function allocatedSoFar(): number {
  return allocated;
}
