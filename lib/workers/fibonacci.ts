/** Work that keeps a processor busy, and waits for nobody. */

/** The `n`th Fibonacci number (0, 1, 1, 2, 3, 5, …), by its definition: a little more of `n` is a lot more of work. */
export function fibonacci(n: number): bigint {
  return n < 2 ? BigInt(n) : fibonacci(n - 1) + fibonacci(n - 2);
}
