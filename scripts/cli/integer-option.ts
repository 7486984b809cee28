/** A commander parser for options that are whole numbers. */
import { InvalidArgumentError } from "commander";

/** Returns a parser of whole numbers from `low` to `high`, both included, in decimal digits. */
export function integer(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`);
  };
}
