/**
 * Returns who has place `i` of `all`, if `few` things are spread evenly among others: whether it is one of the
 * few, and its number among its own.
 */
export function spread(few: number, i: number, all: number): [isOneOfFew: boolean, number: number] {
  const before = Math.floor((i * few) / all);
  const upTo = Math.floor(((i + 1) * few) / all);
  return upTo > before ? [true, before] : [false, i - before];
}
