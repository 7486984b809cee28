import { expect, test } from "vitest";
import { getVersionMessagesConcurrently } from "@course/lib/crawl";
import type { AddressTuple } from "@course/lib/peer";
import { nobody } from "../helpers/loopback";
import { answeringPeer, BTCD_USER_AGENT } from "../helpers/peers";
import { outcomeOf } from "../helpers/visits";

test("getVersionMessagesConcurrently() gives the visits in the order of the addresses, failures among them", async () => {
  let lastIsCalled = (_: Promise<unknown>) => {};
  const waitsFor = new Promise<unknown>((resolve) => (lastIsCalled = resolve));
  // The first peer answers when the visit of the last is over.
  const last = await answeringPeer({}, (connection) => lastIsCalled(connection.closesWithin(60_000)));
  const first = await answeringPeer({ waitsFor });
  const addresses: AddressTuple[] = [first.address, await nobody(), ["node.onion", 8333], last.address];
  const visits = await getVersionMessagesConcurrently(addresses, 4);
  expect(visits.map(({ address }) => address)).toEqual(addresses);
  expect(visits.map(outcomeOf)).toEqual([BTCD_USER_AGENT, "REFUSED", "UNREACHABLE", BTCD_USER_AGENT]);
  expect(visits[0].endedAt).toBeGreaterThan(visits[3].endedAt);
});

test.each([1, 3])(
  "getVersionMessagesConcurrently() with a concurrency of %d has as many conversations at once, and no more",
  async (bound) => {
    let most = 0;
    let boundIsReached = () => {};
    const waitsFor = new Promise<void>((resolve) => (boundIsReached = resolve));
    const onConnection = () => {
      const open = peer.connections.filter(({ hasAnswered }) => !hasAnswered).length;
      most = Math.max(most, open);
      if (open === bound) boundIsReached();
    };
    const peer = await answeringPeer({ waitsFor }, onConnection);
    const visits = await getVersionMessagesConcurrently(Array(8).fill(peer.address), bound);
    expect(most).toBe(bound);
    expect(visits.map(outcomeOf)).toEqual(Array(8).fill(BTCD_USER_AGENT));
  },
);

test("getVersionMessagesConcurrently() visits other peers while a slow one is waited for", async () => {
  let lastIsCalled = () => {};
  const waitsFor = new Promise<void>((resolve) => (lastIsCalled = resolve));
  const slow = await answeringPeer({ waitsFor });
  const quick = await answeringPeer();
  const last = await answeringPeer({}, () => lastIsCalled());
  const addresses = [slow, quick, quick, last].map(({ address }) => address);
  const visits = await getVersionMessagesConcurrently(addresses, 2);
  expect(visits.map(outcomeOf)).toEqual(Array(4).fill(BTCD_USER_AGENT));
});

test("getVersionMessagesConcurrently() refuses a concurrency of 0, and calls no peer", async () => {
  const { address, connections } = await answeringPeer();
  await expect(getVersionMessagesConcurrently([address], 0)).rejects.toThrow(
    "expected `concurrency` to be an integer from 1 and up, got 0",
  );
  expect(connections).toEqual([]);
});
