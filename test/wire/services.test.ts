import { expect, test } from "vitest";
import { SERVICE_BITS, serviceNames } from "@course/lib/wire";

test.each<[bigint, string[]]>([
  [0n, []],
  [1n, ["NETWORK"]],
  [13n, ["NETWORK", "BLOOM", "WITNESS"]],
  [1039n, ["NETWORK", "GETUTXO", "BLOOM", "WITNESS", "NETWORK_LIMITED"]],
  [1101n, ["NETWORK", "BLOOM", "WITNESS", "COMPACT_FILTERS", "NETWORK_LIMITED"]],
  [3081n, ["NETWORK", "WITNESS", "NETWORK_LIMITED", "P2P_V2"]],
  [1n << 26n, ["bit26"]],
  [(1n << 63n) | 1n, ["NETWORK", "bit63"]],
])("serviceNames(%sn) is %j", (services, names) => {
  expect(serviceNames(services)).toEqual(names);
});

test("serviceNames() of one bit is the name that SERVICE_BITS gives it", () => {
  for (const [name, bit] of Object.entries(SERVICE_BITS)) {
    expect(serviceNames(1n << BigInt(bit))).toEqual([name]);
  }
});

test("serviceNames() of all 64 bits are 64 different names", () => {
  expect(new Set(serviceNames(2n ** 64n - 1n)).size).toBe(64);
});
