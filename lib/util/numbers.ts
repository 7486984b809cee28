/** Formats numbers for people, and checks numbers that callers give. */

/** Returns `n` with commas between thousands: `10,100`. */
export function formatCount(n: number): string {
  return n.toLocaleString("en-US");
}

/**
 * Returns `value` if it is an integer from 1 up.
 *
 * @throws RangeError if it is not. The message calls it `name`.
 */
export function requirePositiveInteger(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new RangeError(`expected \`${name}\` to be an integer from 1 and up, got ${value}`);
}
