import { freshAddresses } from "@course/lib/discovery";
import type { KnownAddress } from "@course/lib/wire";
import { expect, test } from "vitest";

const NOW = 1_785_000_000;
const DAY = 86_400;
const at = (time: number): KnownAddress => ({ time, services: 1n, host: "192.0.2.1", port: 8333 });
const isFresh = (time: number, maxAge = 2 * DAY) => freshAddresses([at(time)], NOW, maxAge).length === 1;

test("freshAddresses() returns the addresses that were seen within the time, in their order", () => {
  const known = [NOW, NOW - DAY, NOW - 3 * DAY, NOW - 2 * DAY].map((time, i) => ({
    ...at(time),
    port: 1 + i,
  }));
  expect(freshAddresses(known, NOW, 2 * DAY)).toEqual([
    ["192.0.2.1", 1],
    ["192.0.2.1", 2],
    ["192.0.2.1", 4],
  ]);
});

test("a clock may be ten minutes ahead", () => {
  expect([NOW + 1, NOW + 600, NOW + 601].map((time) => isFresh(time))).toEqual([true, true, false]);
});

// Others compare times as they are: an address of the year 2106 then stays fresh for ever.
test("a time far ahead makes no address fresh, whatever age is allowed", () => {
  for (const time of [NOW + DAY, 2 ** 31, 2 ** 32 - 1]) expect(isFresh(time, 10 * 365 * DAY)).toBe(false);
});

test("a time of zero is no time", () => {
  expect(isFresh(0)).toBe(false);
});
