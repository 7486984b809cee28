/** Returns which of `few` things has place `i` of `all`, if they are spread evenly; undefined if none has. */
export function spread(few: number, i: number, all: number): number | undefined {
  const [upTo, before] = [i + 1, i].map((n) => Math.floor((n * few) / all));
  return upTo === before ? undefined : before;
}
