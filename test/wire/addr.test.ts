import {
  type AddressKey,
  addressKey,
  AddrMessage,
  AddrV2Message,
  type KnownAddress,
  type KnownAddressV2,
  readWantedAddresses,
  readWantedAddressesV2,
} from "@course/lib/wire";
import { expect, test } from "vitest";

const HOSTS = ["192.0.2.1", "2001:db8::1", "::", "255.255.255.255", "::1", "0.0.0.1"];
const ADDRESSES = HOSTS.map((host, i): KnownAddress => ({ time: 100 + i, services: 9n, host, port: 1 + i }));
const PAYLOAD = new AddrMessage(ADDRESSES).toBytes();

test("of an addr, the addresses that are wanted are read as AddrMessage reads them", () => {
  expect(readWantedAddresses(PAYLOAD, () => true)).toEqual({ count: HOSTS.length, wanted: ADDRESSES });
  const { count, wanted } = readWantedAddresses(PAYLOAD, (time) => time > 103);
  expect([count, wanted]).toEqual([HOSTS.length, ADDRESSES.slice(4)]);
});

test("each address of an addr has a key of its own, which is that of its text", () => {
  const keys: AddressKey[] = [];
  readWantedAddresses(PAYLOAD, (_, key) => keys.push(key) > 0);
  expect(new Set(keys).size).toBe(HOSTS.length);
  expect(keys).toEqual(ADDRESSES.map(addressKey));
  expect(addressKey({ host: "192.0.2.1", port: 1 })).not.toBe(addressKey({ host: "192.0.2.1", port: 2 }));
  expect(addressKey({ host: "::ffff:192.0.2.1", port: 1 })).toBe(addressKey({ host: "192.0.2.1", port: 1 }));
});

test("an addr that ends early is MALFORMED, and one of more than 1000 addresses OVERSIZED", () => {
  const read = (bytes: Uint8Array) => () => readWantedAddresses(bytes, () => false);
  expect(read(PAYLOAD.subarray(0, -1))).toThrow(expect.objectContaining({ code: "MALFORMED" }));
  expect(read(Uint8Array.of())).toThrow(expect.objectContaining({ code: "MALFORMED" }));
  const many = Buffer.concat([Uint8Array.of(0xfd, 0xe9, 0x03), Buffer.alloc(30 * 1001)]);
  expect(read(many)).toThrow(expect.objectContaining({ code: "OVERSIZED" }));
});

const ONION = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";
const I2P = "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2p";
const HOSTS_V2: [networkId: number, host: string][] = [
  [1, "192.0.2.1"],
  [2, "2001:db8::1"],
  [4, ONION],
  [5, I2P],
  [6, "fc32:17ea:e415:c3bf:9808:149d:b5a2:c9aa"],
];
const ADDRESSES_V2 = HOSTS_V2.map(([networkId, host], i): KnownAddressV2 => {
  return { time: 100 + i, services: 2n ** BigInt(12 * i), networkId, host, port: i };
});

test("of an addrv2, the addresses that are wanted are read as AddrV2Message reads them", () => {
  const payload = new AddrV2Message(ADDRESSES_V2).toBytes();
  expect(readWantedAddressesV2(payload, () => true)).toEqual({ count: 5, wanted: ADDRESSES_V2 });
  const { count, wanted } = readWantedAddressesV2(payload, (_, __, networkId) => networkId === 4);
  expect([count, wanted]).toEqual([5, [ADDRESSES_V2[2]]]);
});

test("an address has the same key in addr, in addrv2 and as text, and no other has it", () => {
  const keys: AddressKey[] = [];
  readWantedAddressesV2(new AddrV2Message(ADDRESSES_V2).toBytes(), (_, key) => keys.push(key) > 0);
  expect(keys).toEqual(ADDRESSES_V2.map(addressKey));
  expect(new Set(keys).size).toBe(5);
  readWantedAddresses(new AddrMessage(ADDRESSES_V2.slice(0, 2)).toBytes(), (_, key) => keys.push(key) > 0);
  expect(keys.slice(5)).toEqual(keys.slice(0, 2));
  expect(addressKey({ host: ONION.toUpperCase(), port: 2 })).toBe(keys[2]);
  expect(addressKey({ host: ONION.replace("pg", "pa"), port: 2 })).not.toBe(keys[2]); // a wrong checksum
});

test("networks without a number of BIP 155, Tor v2 and IPv6 that embeds IPv4 are counted, and never wanted", () => {
  const known: KnownAddressV2[] = [
    { time: 1, services: 1n, networkId: 3, host: "expyuzz4wqqyqhjn.onion", port: 8333 },
    { time: 1, services: 1n, networkId: 42, host: "7f000001", port: 8333 },
    { time: 1, services: 1n, networkId: 0, host: "", port: 8333 },
    { time: 1, services: 1n, networkId: 2, host: "192.0.2.1", port: 8333 },
  ];
  const payload = new AddrV2Message(known).toBytes();
  expect(readWantedAddressesV2(payload, () => true)).toEqual({ count: 4, wanted: [] });
});
