/** Published lists of addresses: `addr`, and `addrv2` of BIP 155 from Bitcoin Core's own test data. */
import { AddrMessage, AddrV2Message, type KnownAddress } from "@course/lib/wire";
import type { BadVector, Vector } from "./vector";

const WIKI = "https://en.bitcoin.it/wiki/Protocol_documentation#addr";
const REFERENCE = "https://developer.bitcoin.org/reference/p2p_networking.html#addr";
const CORE = "https://github.com/bitcoin/bitcoin/blob/master/src/test";
const NETBASE_TESTS = `${CORE}/netbase_tests.cpp, stream_addrv1_hex and stream_addrv2_hex`;
const NET_TESTS = `${CORE}/net_tests.cpp, cnetaddr_unserialize_v2`;
const BIP_155 = "https://github.com/bitcoin/bips/blob/master/bip-0155.mediawiki";

/** The fixture_addresses of Bitcoin Core. */
const FIXTURE: KnownAddress[] = [
  { time: 0x4966bc61, services: 0n, host: "::1", port: 0 },
  { time: 0x83766279, services: 1n, host: "::1", port: 0xf1 },
  { time: 0xffffffff, services: 0x448n, host: "::1", port: 0xf1f2 },
];

/** Returns a message with one address, in a network. */
function inNetwork(title: string, networkId: number, host: string, hex: string, source = NET_TESTS): Vector {
  const address = { time: 0x4966bc61, services: 1033n, networkId, host, port: 8333 };
  return {
    title: `addrv2 with ${title}`,
    source,
    message: new AddrV2Message([address]),
    hex: `01 61bc6649 fd0904 ${hex} 208d`,
  };
}

/** Returns a message with one address that is refused. */
function refused(title: string, hex: string, code: BadVector["code"], message: string): BadVector {
  return {
    title: `addrv2 with ${title}`,
    source: NET_TESTS,
    command: "addrv2",
    hex: `01 61bc6649 fd0904 ${hex}`,
    code,
    message,
  };
}

export const ADDR_VECTORS: readonly Vector[] = [
  {
    title: "addr with one address",
    source: WIKI,
    message: new AddrMessage([{ time: 1292899810, services: 1n, host: "10.0.0.1", port: 8333 }]),
    hex: "01 e215104d 0100000000000000 00000000000000000000ffff0a000001 208d",
  },
  {
    title: "addr with a thousand addresses",
    source: REFERENCE,
    message: new AddrMessage(
      Array(1000).fill({ time: 1414012889, services: 1n, host: "192.0.2.51", port: 8333 }),
    ),
    hex: `fde803 ${"d91f4854 0100000000000000 00000000000000000000ffffc0000233 208d ".repeat(1000)}`,
  },
  {
    title: "addr with a Tor v2 service in OnionCat's range",
    source: `${BIP_155}, appendix A`,
    message: new AddrMessage([
      { time: 1292899810, services: 1n, host: "6hzph5hv6337r6p2.onion", port: 8333 },
    ]),
    hex: "01 e215104d 0100000000000000 fd87d87eeb43f1f2f3f4f5f6f7f8f9fa 208d",
  },
  {
    title: "addr with nobody",
    source: BIP_155,
    message: new AddrMessage([]),
    hex: "00",
  },
  {
    title: "addr with three of IPv6",
    source: NETBASE_TESTS,
    message: new AddrMessage(FIXTURE),
    hex: `03
      61bc6649 0000000000000000 00000000000000000000000000000001 0000
      79627683 0100000000000000 00000000000000000000000000000001 00f1
      ffffffff 4804000000000000 00000000000000000000000000000001 f1f2`,
  },
  {
    title: "addrv2 with three of IPv6",
    source: NETBASE_TESTS,
    message: new AddrV2Message(FIXTURE.map((address) => ({ ...address, networkId: 2 }))),
    hex: `03
      61bc6649 00 02 10 00000000000000000000000000000001 0000
      79627683 01 02 10 00000000000000000000000000000001 00f1
      ffffffff fd4804 02 10 00000000000000000000000000000001 f1f2`,
  },
  inNetwork("IPv4", 1, "1.2.3.4", "01 04 01020304"),
  inNetwork("IPv6", 2, "102:304:506:708:90a:b0c:d0e:f10", "02 10 0102030405060708090a0b0c0d0e0f10"),
  inNetwork(
    "IPv4 inside of IPv6, which Core ignores",
    2,
    "1.2.3.4",
    "02 10 00000000000000000000ffff01020304",
  ),
  inNetwork(
    "Tor v2 inside of IPv6, which Core ignores",
    2,
    "fd87:d87e:eb43:102:304:506:708:90a",
    "02 10 fd87d87eeb430102030405060708090a",
  ),
  inNetwork(
    "Tor v2, which Core ignores since 0.22",
    3,
    "6hzph5hv6337r6p2.onion",
    "03 0a f1f2f3f4f5f6f7f8f9fa",
    `${CORE}/net_tests.cpp of Bitcoin Core 0.21, cnetaddr_unserialize_v2`,
  ),
  inNetwork(
    "Tor v3",
    4,
    "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion",
    "04 20 79bcc625184b05194975c28b66b66b0469f7f6556fb1ac3189a79b40dda32f1f",
  ),
  inNetwork(
    "I2P",
    5,
    "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2p",
    "05 20 a2894dabaec08c0051a481a6dac88b64f98232ae42d4b6fd2fa81952dfe36a87",
  ),
  inNetwork("CJDNS", 6, "fc00:1:2:3:4:5:6:7", "06 10 fc000001000200030004000500060007"),
  inNetwork(
    "CJDNS with another prefix, which Core ignores",
    6,
    "aa00:1:2:3:4:5:6:7",
    "06 10 aa000001000200030004000500060007",
  ),
  inNetwork("an unknown network", 0xaa, "01020304", "aa 04 01020304"),
  inNetwork("an unknown network and an address of no bytes", 0xaa, "", "aa 00"),
  inNetwork(
    "Yggdrasil, which we do not know either",
    7,
    "02000000000000000000000000000001",
    "07 10 02000000000000000000000000000001",
    BIP_155,
  ),
  inNetwork(
    "an address of the most bytes there may be",
    0xaa,
    "ab".repeat(512),
    `aa fd0002 ${"ab".repeat(512)}`,
    BIP_155,
  ),
];

export const BAD_ADDR_VECTORS: readonly BadVector[] = [
  refused(
    "5 bytes of IPv4",
    "01 05 01020304",
    "MALFORMED",
    "IPv4 address: expected 4 bytes, got a length of 5",
  ),
  refused(
    "513 bytes of IPv4",
    "01 fd0102 01020304",
    "OVERSIZED",
    "address: expected at most 512 bytes, got a length of 513",
  ),
  refused("4 bytes of IPv6", "02 04 00", "MALFORMED", "IPv6 address: expected 16 bytes, got a length of 4"),
  refused(
    "7 bytes of Tor v2",
    "03 07 00",
    "MALFORMED",
    "Tor v2 address: expected 10 bytes, got a length of 7",
  ),
  refused(
    "no bytes of Tor v3",
    "04 00 00",
    "MALFORMED",
    "Tor v3 address: expected 32 bytes, got a length of 0",
  ),
  refused("3 bytes of I2P", "05 03 00", "MALFORMED", "I2P address: expected 32 bytes, got a length of 3"),
  refused("1 byte of CJDNS", "06 01 00", "MALFORMED", "CJDNS address: expected 16 bytes, got a length of 1"),
  refused(
    "32 MB of an unknown network",
    "aa fe00000002 01020304050607",
    "OVERSIZED",
    "address: expected at most 512 bytes, got a length of 33554432",
  ),
  {
    title: "addrv2 with services in more bytes than they need",
    source: `${CORE}/serialize_tests.cpp, noncanonical`,
    command: "addrv2",
    hex: "01 61bc6649 fd0100 01 04 01020304 208d",
    code: "MALFORMED",
    message: "services: expected the shortest form, got 1 in more bytes than it needs",
  },
  {
    title: "addrv2 with 64-bit services in more bytes than they need",
    source: `${CORE}/serialize_tests.cpp, noncanonical`,
    command: "addrv2",
    hex: "01 61bc6649 ffffffffff00000000 01 04 01020304 208d",
    code: "MALFORMED",
    message: "services: expected the shortest form, got 4294967295 in more bytes than it needs",
  },
  ...["addr", "addrv2"].flatMap((command): BadVector[] => [
    {
      title: `${command} with 1001 addresses`,
      source: BIP_155,
      command,
      hex: "fde903",
      code: "OVERSIZED",
      message: "number of addresses: expected at most 1000, got 1001",
    },
    {
      title: `${command} with a number of addresses past 2^53`,
      source: BIP_155,
      command,
      hex: "ffffffffffffffffff",
      code: "OVERSIZED",
      message: "number of addresses: expected at most 2^53 - 1, got 18446744073709551615",
    },
    {
      title: `${command} of which only the number of addresses is here`,
      source: BIP_155,
      command,
      hex: "fde803",
      code: "MALFORMED",
      message: "time: expected 4 bytes from byte 3 on, got 0",
    },
  ]),
];
