/** Numbers as people read them, and numbers as callers should give them. */

/** Returns `n` with commas between thousands: `10,100`. */
export function formatCount(n: number): string {
  return n.toLocaleString("en-US");
}

/**
 * Returns `value`.
 *
 * @throws RangeError unless it is an integer from 1 up. `name` says in the message which argument it is.
 */
export function requirePositiveInteger(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new RangeError(`expected \`${name}\` to be an integer from 1 and up, got ${value}`);
}
