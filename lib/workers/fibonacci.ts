/** Work that keeps a processor busy, and never waits. */

/**
 * Returns the `n`th Fibonacci number (0, 1, 1, 2, 3, 5, …), computed by its definition.
 * When `n` grows by one, the work grows 1.6 times.
 */
export function fibonacci(n: number): bigint {
  return n < 2 ? BigInt(n) : fibonacci(n - 1) + fibonacci(n - 2);
}
