/** Crawls and visits over the encrypted transport (BIP 324), and the downgrade to v1. */
import { crawl } from "@course/lib/crawl";
import { type AddressTuple, shouldDowngrade, type Visit, visit, visitV2 } from "@course/lib/peer";
import { KeyPool, Transport } from "@course/lib/transport";
import { crawlInThreads } from "@course/lib/workers";
import { expect, test } from "vitest";
import { listen, nobody } from "../helpers/loopback";
import { BTCD_USER_AGENT, encryptedPeer, plainPeer, recordedReply } from "../helpers/peers";
import { all, outcomeOf } from "../helpers/visits";

/** Longer than any test: for tests that are not about time limits. */
const timeoutMs = 60_000;
const seen = (visit: Visit) => [visit.transport, outcomeOf(visit)];
const byAddress = (visits: Visit[]) => new Map(visits.map((visit) => [visit.address, seen(visit)]));

test("crawl() with v2 calls those encrypted who speak it, and the others in clear text", async () => {
  const addresses = [(await encryptedPeer()).address, (await plainPeer()).address, await nobody()];
  const outcomes = byAddress(await all(crawl(addresses, { timeoutMs, v2: true })));
  expect(addresses.map((address) => outcomes.get(address))).toEqual([
    ["v2", BTCD_USER_AGENT],
    ["v1", BTCD_USER_AGENT],
    [undefined, "REFUSED"],
  ]);
});

test("crawl() with v2 calls a node in clear text at once that is known not to speak v2, and tries the others", async () => {
  const peers = [await plainPeer(), await plainPeer(), await encryptedPeer(), await encryptedPeer()];
  const known = new Map(peers.map(({ address }, i) => [address, [false, undefined, true, undefined][i]]));
  const speaksV2 = (address: AddressTuple) => known.get(address);
  const addresses = peers.map(({ address }) => address);
  const outcomes = byAddress(await all(crawl(addresses, { timeoutMs, v2: true, speaksV2 })));
  expect(addresses.map((address) => outcomes.get(address)?.[0])).toEqual(["v1", "v1", "v2", "v2"]);
  expect(peers.map(({ sockets }) => sockets.length)).toEqual([1, 2, 1, 1]);
});

test("crawl() without v2 speaks v1 to all, also to those who know v2", async () => {
  const addresses = [(await encryptedPeer()).address, (await plainPeer()).address];
  expect((await all(crawl(addresses, { timeoutMs }))).map(seen)).toEqual([
    ["v1", BTCD_USER_AGENT],
    ["v1", BTCD_USER_AGENT],
  ]);
});

test("crawlInThreads() with v2 speaks it too", async () => {
  const { address } = await encryptedPeer();
  const visits = await all(crawlInThreads([address], { threads: 1, timeoutMs, v2: true }));
  expect(visits.map(seen)).toEqual([["v2", BTCD_USER_AGENT]]);
});

test.each([
  ["crawl()", async (address: [string, number]) => (await all(crawl([address], { timeoutMs, v2: true })))[0]],
  ["visitV2()", (address: [string, number]) => visitV2(address)],
])("a visit of %s has the time of each phase in order, in v2 and after a downgrade", async (_, call) => {
  for (const { address } of [await encryptedPeer(), await plainPeer()]) {
    const { startedAt, connectedAt, sentAt, firstByteAt, endedAt, error } = await call(address);
    const times = [startedAt, connectedAt!, sentAt!, firstByteAt!, endedAt];
    expect(error).toBeUndefined();
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.every(Number.isFinite)).toBe(true);
  }
});

test("a downgrade is one call more, and nothing is lost when that one fails", async () => {
  const peer = await listen((socket) => socket.destroy());
  const visits = await all(crawl([peer.address], { timeoutMs, v2: true, concurrency: 1 }));
  expect(visits.map(seen)).toEqual([["v1", "CLOSED"]]);
  expect(peer.sockets.length).toBe(2);
});

test("a peer that is silent in v2 is called in v1 when its time is over", async () => {
  const peer = await listen((socket) => {
    if (peer.sockets.length === 2) socket.once("data", () => socket.end());
  });
  const visits = await all(crawl([peer.address], { timeoutMs: 50, v2: true }));
  expect(visits).toHaveLength(1);
  expect(visits[0].transport).toBe("v1");
  expect(peer.sockets.length).toBe(2);
});

test("a peer that has sent its key is not called again, whatever comes after it", async () => {
  const noise = await keyThenNoise();
  const leaver = await encryptedPeer({ answer: (_, socket) => void socket.destroy() });
  const addresses = [noise.address, leaver.address];
  const outcomes = byAddress(await all(crawl(addresses, { timeoutMs, v2: true })));
  expect(addresses.map((address) => outcomes.get(address))).toEqual([
    ["v2", "NO_TERMINATOR"],
    ["v2", "CLOSED"],
  ]);
  expect([noise.sockets.length, leaver.sockets.length]).toEqual([1, 1]);
});

/** Starts a peer that sends a key, and then garbage without end. */
const keyThenNoise = () => listen((socket) => void socket.write(Buffer.alloc(64 + 4111, 7)));

test("a peer that speaks first, in v1, is read without a second call", async () => {
  const peer = await listen((socket) => void socket.write(recordedReply()));
  expect((await all(crawl([peer.address], { timeoutMs, v2: true }))).map(seen)).toEqual([
    ["v1", BTCD_USER_AGENT],
  ]);
  expect(seen(await visitV2(peer.address))).toEqual(["v1", BTCD_USER_AGENT]);
  expect(peer.sockets.length).toBe(2);
});

test("a peer that sends decoys without end is left after 128 KB", async () => {
  const peer = await encryptedPeer({
    answer: (transport) => {
      for (let i = 0; i < 20; i++) transport.sendDecoy(new Uint8Array(10_000));
    },
  });
  expect((await all(crawl([peer.address], { timeoutMs, v2: true }))).map(seen)).toEqual([
    ["v2", "OVERSIZED"],
  ]);
});

test("visitV2() visits in v2 who speaks it, and says so; else in v1", async () => {
  expect(seen(await visitV2((await encryptedPeer()).address))).toEqual(["v2", BTCD_USER_AGENT]);
  expect(seen(await visitV2((await plainPeer()).address))).toEqual(["v1", BTCD_USER_AGENT]);
  expect(seen(await visitV2(await nobody()))).toEqual([undefined, "REFUSED"]);
  expect(seen(await visitV2((await keyThenNoise()).address))).toEqual(["v2", "NO_TERMINATOR"]);
  expect(seen(await visit((await encryptedPeer()).address))).toEqual([undefined, BTCD_USER_AGENT]);
});

test("shouldDowngrade() says so as long as no byte has come back, and only for who speaks v2", () => {
  const failed = (code: string, fields: Partial<Visit> = {}): boolean =>
    shouldDowngrade({ transport: "v2", error: { code }, ...fields } as Visit);
  expect(["CLOSED", "ANSWER_TIMEOUT"].map((code) => failed(code))).toEqual([true, true]);
  expect(failed("CLOSED", { firstByteAt: 1 })).toBe(false);
  expect(failed("CLOSED", { transport: "v1" })).toBe(false);
  expect(
    ["REFUSED", "CONNECT_TIMEOUT", "NO_TERMINATOR", "TOO_MANY_FILES"].map((code) => failed(code)),
  ).toEqual([false, false, false, false]);
});

test("a KeyPool gives a pair to sixteen calls, and none of two calls the same secrets", () => {
  const pool = new KeyPool();
  const pairs = Array.from({ length: 33 }, () => pool.take());
  expect(new Set(pairs).size).toBe(3);
  const sessions = pairs.slice(0, 2).map((keyPair) => {
    const [caller, peer] = [new Transport("initiator", { keyPair }), new Transport("responder")];
    peer.add(caller.takeOutput());
    peer.next();
    return Buffer.from(peer.sessionId!).toString("hex");
  });
  expect(pairs[0]).toBe(pairs[1]);
  expect(sessions[0]).not.toBe(sessions[1]);
});
