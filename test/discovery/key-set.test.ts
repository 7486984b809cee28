import { expect, test } from "vitest";
import { KeySet } from "../../lib/discovery/key-set";
import { addressKey } from "../../lib/wire/address-key";

/** Keys of every kind: with the usual port and another, of IPv4, IPv6 and names, near to each other. */
function* keys(count: number): Generator<ReturnType<typeof addressKey>> {
  for (let i = 0; i < count; i++) {
    const host = `${[0, 1, 127, 128, 255][i % 5]}.0.${(i >> 8) & 255}.${i & 255}`;
    yield addressKey({ host, port: [8333, 0, 65535][i % 3] });
  }
  yield addressKey({ host: "2001:db8::1", port: 8333 });
  yield addressKey({ host: "seed.example", port: 8333 });
}

test("a set of keys has those that were added, once each, and no others", () => {
  const set = new KeySet();
  const reference = new Set(keys(20_000));
  for (const key of keys(20_000)) set.add(key);
  for (const key of keys(10_000)) set.add(key);
  expect(set.size).toBe(reference.size);
  expect([...reference].filter((key) => !set.has(key))).toEqual([]);
  for (const host of ["2.0.0.0", "0.1.0.0", "255.255.255.255", "2001:db8::2"]) {
    expect(set.has(addressKey({ host, port: 8333 })), host).toBe(false);
  }
  expect(new KeySet().has(addressKey({ host: "0.0.0.0", port: 8333 }))).toBe(false);
});
