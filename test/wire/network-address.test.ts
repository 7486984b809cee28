import fc from "fast-check";
import { isIP } from "node:net";
import { describe, expect, test } from "vitest";
import {
  ByteReader,
  ByteWriter,
  fromHex,
  hostFromBytes,
  hostToBytes,
  ProtocolError,
  readNetworkAddress,
  toHex,
  writeNetworkAddress,
} from "@course/lib/wire";

describe("a host", () => {
  // IPv6 in the form of RFC 5952; the comments name the section that an example is from, or illustrates.
  test.each([
    ["10.0.0.1", "00000000000000000000ffff0a000001"],
    ["0.0.0.0", "00000000000000000000ffff00000000"],
    ["255.255.255.255", "00000000000000000000ffffffffffff"],
    ["::", "00000000000000000000000000000000"],
    ["::1", "00000000000000000000000000000001"],
    ["1::", "00010000000000000000000000000000"],
    ["2001:db8::1", "20010db8000000000000000000000001"], // 4.1, no leading zeros
    ["2001:db8::2:1", "20010db8000000000000000000020001"], // 4.2.1, as short as possible
    ["2001:db8:0:1:1:1:1:1", "20010db8000000010001000100010001"], // 4.2.2, not for one group
    ["2001:0:0:1::1", "20010000000000010000000000000001"], // 4.2.3, the longest run
    ["2001:db8::1:0:0:1", "20010db8000000000001000000000001"], // 4.2.3, the first of equals
    ["2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa", "20010db8aaaabbbbccccddddeeeeaaaa"], // 4.3, lower case
    ["fe80:cd00:0:cde:1257:0:211e:729c", "fe80cd0000000cde12570000211e729c"],
    ["fd87:d87e:eb43:edb1:8e4:3588:e546:35ca", "fd87d87eeb43edb108e43588e54635ca"],
    ["::fffe:102:304", "00000000000000000000fffe01020304"],
    ["::ffff:0:0:0", "0000000000000000ffff000000000000"],
  ])("the host %s is the bytes %s, and back", (host, hex) => {
    expect(hostFromBytes(fromHex(hex))).toBe(host);
    expect(toHex(hostToBytes(host))).toBe(hex);
  });

  test.each([
    ["FE80:CD00:0:CDE:1257:0:211E:729C", "fe80cd0000000cde12570000211e729c"],
    ["2001:0DB8:0000:0000:0000:0000:0000:0001", "20010db8000000000000000000000001"],
    ["2001:DB8::1", "20010db8000000000000000000000001"],
    ["::ffff:1.2.3.4", "00000000000000000000ffff01020304"],
    ["::FFFF:102:304", "00000000000000000000ffff01020304"],
    ["64:ff9b::192.0.2.33", "0064ff9b0000000000000000c0000221"],
  ])("hostToBytes() reads %s too, which is not in the form of RFC 5952", (host, hex) => {
    expect(toHex(hostToBytes(host))).toBe(hex);
  });

  test("hostFromBytes() of an IPv4-mapped address is a dotted quad", () => {
    expect(hostFromBytes(hostToBytes("::ffff:1.2.3.4"))).toBe("1.2.3.4");
  });

  test.each(["", "localhost", "1.2.3", "1.2.3.256", "[::1]", "::1::", "expyuzz4wqqyqhjn.onion"])(
    "hostToBytes(%j) throws",
    (host) => {
      expect(() => hostToBytes(host)).toThrow(new RangeError(`expected an IP address, got "${host}"`));
    },
  );

  test("hostFromBytes() of any 16 bytes is an IP address that hostToBytes() reads back", () => {
    const bytes = fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: 16, maxLength: 16 });
    const property = fc.property(bytes.map(Uint8Array.from.bind(Uint8Array)), (bytes) => {
      const host = hostFromBytes(bytes);
      expect(isIP(host)).not.toBe(0);
      expect(hostToBytes(host)).toEqual(bytes);
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe("a network address", () => {
  // The first is that of https://en.bitcoin.it/wiki/Protocol_documentation#Network_address
  test.each([
    [
      { services: 1n, host: "10.0.0.1", port: 8333 },
      "0100000000000000 00000000000000000000ffff0a000001 208d",
    ],
    [
      { services: 1039n, host: "2001:db8::1", port: 18333 },
      "0f04000000000000 20010db8000000000000000000000001 479d",
    ],
    [
      { services: 2n ** 64n - 1n, host: "::", port: 0 },
      "ffffffffffffffff 00000000000000000000000000000000 0000",
    ],
  ])("the network address %o is written as %s, and reads back", (address, hex) => {
    const writer = new ByteWriter();
    writeNetworkAddress(writer, address);
    expect(toHex(writer.toBytes())).toBe(hex.replaceAll(" ", ""));
    expect(readNetworkAddress(new ByteReader(fromHex(hex)))).toEqual(address);
  });

  test("a network address of fewer than 26 bytes is malformed, and the error names the missing field", () => {
    const bytes = fromHex("0100000000000000 00000000000000000000ffff0a000001 20");
    expect(() => readNetworkAddress(new ByteReader(bytes))).toThrow(
      new ProtocolError("MALFORMED", "port: expected 2 bytes from byte 24 on, got 1"),
    );
  });

  test("a network address with port 65536 cannot be written", () => {
    const address = { services: 0n, host: "1.2.3.4", port: 65536 };
    expect(() => writeNetworkAddress(new ByteWriter(), address)).toThrow(RangeError);
  });
});
