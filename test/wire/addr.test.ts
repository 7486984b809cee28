import { AddrMessage, type KnownAddress } from "@course/lib/wire";
import { expect, test } from "vitest";
import { type AddressKey, addressKey, readWantedAddresses } from "../../lib/wire/addr";

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
