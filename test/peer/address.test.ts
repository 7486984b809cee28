import { describe, expect, test } from "vitest";
import { type Nodes, nodesToAddressStrings, nodesToAddressTuples } from "@course/lib/bitnodes";
import { addressString } from "@course/lib/peer";

const nodesNamed = (...keys: string[]): Nodes =>
  Object.fromEntries(keys.map((key) => [key, [70016, "/Satoshi:27.1.0/", 1700000000, 1033, 870000]]));

describe("an address", () => {
  test.each<[string, string, number]>([
    ["192.168.0.1:8333", "192.168.0.1", 8333],
    ["192.0.2.1:1", "192.0.2.1", 1],
    ["192.0.2.1:65535", "192.0.2.1", 65535],
    ["FE80:CD00:0:CDE:1257:0:211E:729C:8333", "FE80:CD00:0:CDE:1257:0:211E:729C", 8333],
    ["[2001:db8::1]:8333", "2001:db8::1", 8333],
    ["[::ffff:1.2.3.4]:8333", "::ffff:1.2.3.4", 8333],
    ["2001:db8::1:8333", "2001:db8::1", 8333],
    ["expyuzz4wqqyqhjn.onion:8333", "expyuzz4wqqyqhjn.onion", 8333],
  ])("the address %s has host %s and port %d", (key, host, port) => {
    expect(nodesToAddressTuples(nodesNamed(key))).toEqual([[host, port]]);
  });

  test.each([
    ["has no port", "192.0.2.99"],
    ["has an empty port", "192.0.2.99:"],
    ["has port 0", "192.0.2.99:0"],
    ["has port 65536", "192.0.2.99:65536"],
    ["has a port with letters behind it", "192.0.2.99:8333abc"],
    ["has a port with an exponent", "192.0.2.99:1e3"],
    ["has a port with a space before it", "192.0.2.99: 8333"],
    ["has a port with a space behind it", "192.0.2.99:8333 "],
    ["has a hexadecimal port", "192.0.2.99:0x1F90"],
    ["has a port with a sign", "192.0.2.99:+8333"],
    ["has a negative port", "192.0.2.99:-8333"],
    ["has a port with a fraction", "192.0.2.99:8333.0"],
    ["has a port of other digits", "192.0.2.99:٨٣٣٣"],
    ["has a port by name", "192.0.2.99:http"],
    ["has no host", ":8333"],
    ["has empty brackets", "[]:8333"],
    ["has IPv6 without a port, in brackets", "[2001:db8::1]"],
    ["has IPv6 without a port", "2001:db8::1"],
    ["has all of IPv6 without a port", "FE80:CD00:0:CDE:1257:0:211E:7290"],
    ["has a bracket too few", "[2001:db8::1:8333"],
    ["has brackets around no IPv6", "[1.2.3.4]:8333"],
    ["has a space in its host", "1.2.3 .4:8333"],
    ["is empty", ""],
  ])("an address that %s (%j) is an error that shows it", (_, key) => {
    expect(() => nodesToAddressTuples(nodesNamed("192.0.2.1:8333", key))).toThrow(
      new Error(`expected an address like 1.2.3.4:8333, got "${key}"`),
    );
  });

  test.each<[[string, number], string]>([
    [["1.2.3.4", 8333], "1.2.3.4:8333"],
    [["2001:db8::1", 8333], "[2001:db8::1]:8333"],
    [["expyuzz4wqqyqhjn.onion", 8333], "expyuzz4wqqyqhjn.onion:8333"],
  ])("the address %j is written as %s, and reads back", (tuple, text) => {
    expect(addressString(tuple)).toBe(text);
    expect(nodesToAddressTuples(nodesNamed(text))).toEqual([tuple]);
  });
});

describe("the addresses of a snapshot", () => {
  const keys = [
    "203.0.113.9:8333",
    "[2001:db8::2]:8334",
    "FE80:CD00:0:CDE:1257:0:211E:729C:8333",
    "a.onion:1",
  ];

  test("nodesToAddressStrings() returns the keys of a snapshot unchanged", () => {
    expect(nodesToAddressStrings(nodesNamed(...keys))).toEqual(keys);
  });

  test("nodesToAddressTuples() returns pairs in the order of the keys", () => {
    expect(nodesToAddressTuples(nodesNamed(...keys))).toEqual([
      ["203.0.113.9", 8333],
      ["2001:db8::2", 8334],
      ["FE80:CD00:0:CDE:1257:0:211E:729C", 8333],
      ["a.onion", 1],
    ]);
  });

  test("nodesToAddressStrings() and nodesToAddressTuples() of no nodes are empty", () => {
    expect(nodesToAddressStrings({})).toEqual([]);
    expect(nodesToAddressTuples({})).toEqual([]);
  });
});
