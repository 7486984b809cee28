/** Discoveries and addrv2 (BIP 155): who is told that we read it, and what becomes of the addresses in it. */
import { ASKING_VERSION_MESSAGE } from "@course/lib/crawl";
import { nodeKey } from "@course/lib/peer";
import { fromHex, OUR_VERSION_MESSAGE, serializePacket, VersionMessage } from "@course/lib/wire";
import { expect, test } from "vitest";
import { discovered, texts, visitOf } from "../helpers/discoveries";
import { addr, addrV2, gossipPeer, made } from "../helpers/gossip";

test("discover() asks after the handshake, and once: version, sendaddrv2, verack, getaddr", async () => {
  const peer = await gossipPeer([addr(made(11))]);
  await discovered([peer.address]);
  expect(peer.received).toEqual(["version", "sendaddrv2", "verack", "getaddr"]);
  expect(peer.sockets).toHaveLength(1);
});

test.each([
  ["a peer of version 70015", 70015, ASKING_VERSION_MESSAGE],
  ["anybody, if our version is 70015", 70016, OUR_VERSION_MESSAGE],
])("discover() does not say sendaddrv2 to %s", async (_, version, versionMessage) => {
  const hello = serializePacket("version", new VersionMessage({ ...OUR_VERSION_MESSAGE, version }).toBytes());
  const peer = await gossipPeer([addr(made(11))], hello);
  await discovered([peer.address], { versionMessage });
  expect(peer.received).toEqual(["version", "verack", "getaddr"]);
});

const ONION = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";
const I2P = "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2p";

test("of an addrv2, addresses that plain sockets reach are called, and of the others each is told of once", async () => {
  const target = await gossipPeer([addr(made(11))]);
  const answer = addrV2([
    [1, ...target.address],
    [4, ONION, 8333],
    [4, ONION, 8333],
    [5, I2P, 0],
    [6, "fc32:17ea:e415:c3bf:9808:149d:b5a2:c9aa", 8333],
    [42, "7f000001", 8333], // no network of today: its bytes are not an IP address
    [2, "::ffff:127.240.0.9", 8333], // IPv6 that embeds IPv4, which Bitcoin Core ignores
    ...made(11).map((one) => [1, ...one] as const),
  ]);
  const elsewhere: number[] = [];
  const peer = await gossipPeer([answer]);
  const other = await gossipPeer([answer]);
  const seeds = [peer.address, other.address];
  const visits = await discovered(seeds, { onElsewhere: (networkId) => elsewhere.push(networkId) });
  expect(elsewhere).toEqual([4, 5, 6]);
  expect(texts(visits)).toEqual([...texts([peer, other, target]), ...made(11).map(nodeKey)].sort());
  expect(visitOf(visits, peer)).toMatchObject({ gossip: "ANSWERED", told: 18 });
});

test("an answer by addrv2 is one message: no other is waited for", async () => {
  const part = (host: string) => addrV2(made(11, host).map((one) => [1, ...one] as const));
  const peer = await gossipPeer([part("127.240.0.1"), part("127.240.0.2")]);
  const visits = await discovered([peer.address]);
  expect(visitOf(visits, peer)).toMatchObject({ gossip: "ANSWERED", told: 11 });
});

test("an address is called once, whether addr or addrv2 names it", async () => {
  const target = await gossipPeer([addr(made(11))]);
  const peers = [
    await gossipPeer([addr([target.address, ...made(11)])]),
    await gossipPeer([addrV2([[1, ...target.address], ...made(11).map((one) => [1, ...one] as const)])]),
  ];
  const visits = await discovered(peers.map(({ address }) => address));
  expect(visits).toHaveLength(3 + 11);
  expect(target.sockets).toHaveLength(1);
});

test("the announcement of itself that a peer sends as addrv2 is not taken for its answer", async () => {
  const own = await gossipPeer((socket) => socket.write(addrV2([[1, "127.0.0.1", socket.localPort!]])));
  const unknown = await gossipPeer([addrV2([[42, "0102", 1]])]);
  const visits = await discovered([own.address, unknown.address], { timeoutMs: 300 });
  expect(visits.map(({ gossip }) => gossip).sort()).toEqual(["ANSWERED", "KNOWS_NOBODY"]);
});

test.each([
  ["ends within an address", "01" + "00000000" + "00" + "01" + "04" + "7f00"],
  ["has an address of 513 bytes", "01" + "00000000" + "00" + "2a" + "fd0102" + "00".repeat(515)],
  ["has an IPv4 address of 16 bytes", "01" + "00000000" + "00" + "01" + "10" + "00".repeat(18)],
  ["announces 1001 addresses", "fde903" + "00".repeat(9009)],
])("an addrv2 that %s is malformed, and leads nowhere", async (_, hex) => {
  const peer = await gossipPeer([serializePacket("addrv2", fromHex(hex))]);
  const visits = await discovered([peer.address]);
  expect(visits).toHaveLength(1);
  expect(visits[0].gossip).toBe("MALFORMED");
});
