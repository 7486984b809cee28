/** Values of flags that several commands take. */
import { InvalidArgumentError } from "commander";

/** A parser of whole numbers in decimal digits, both ends included. */
export function integer(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`);
  };
}
