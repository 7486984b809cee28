/**
 * Returns who has place `i` of `all`, if `few` things are spread evenly among others: whether it is one of the
 * few, and its number among its own.
 */
export function spread(few: number, i: number, all: number): [isOneOfFew: boolean, number: number] {
  const [upTo, before] = [i + 1, i].map((n) => Math.floor((n * few) / all));
  return upTo > before ? [true, before] : [false, i - before];
}
