import { isOnLoopback, isPublic } from "@course/lib/discovery";
import { expect, test } from "vitest";

const REFUSED = [
  "0.0.0.0",
  "10.1.2.3",
  "100.64.0.1",
  "127.0.0.1",
  "127.33.1.2",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.2.1",
  "192.168.1.1",
  "198.18.0.1",
  "198.51.100.7",
  "203.0.113.9",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:192.168.1.1",
  "0:0:0:0:0:ffff:c0a8:0101",
  "64:ff9b::c0a8:101",
  "fc00::1",
  "fe80::1",
  "ff02::1",
  "2001:db8::1",
  "2001::1",
  "2002:c0a8:0101::1",
  "3fff::1",
  "router.local",
  "expyuzz4wqqyqhjn.onion",
  "2130706433",
];
const PUBLIC = [
  "1.1.1.1",
  "172.32.0.1",
  "9.255.255.255",
  "::ffff:8.8.8.8",
  "2a01:4f8::1",
  "2002:0808:0808::1",
];

test.each(REFUSED)("on the live network %s is not called", (host) => {
  expect(isPublic([host, 8333])).toBe(false);
});

test.each(PUBLIC)("on the live network %s may be called", (host) => {
  expect(isPublic([host, 8333])).toBe(true);
});

test.each([0, -1, 65_536])("port %s is called on no network", (port) => {
  expect(isPublic(["1.1.1.1", port])).toBe(false);
  expect(isOnLoopback(["127.0.0.1", port])).toBe(false);
});

test("on the practice network only loopback is called", () => {
  const allowed = ["127.0.0.1", "127.33.1.2", "::1", "0:0::1", "::ffff:127.33.1.2"];
  expect(allowed.filter((host) => !isOnLoopback([host, 8333]))).toEqual([]);
  const others = [...PUBLIC, ...REFUSED.filter((host) => !/127|::1$/.test(host) || /^(f|2|3|6)/.test(host))];
  expect(others.filter((host) => isOnLoopback([host, 8333]))).toEqual([]);
});
