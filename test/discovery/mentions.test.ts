/** Ten million mentions of 60,000 addresses: what they cost depends on the addresses. */
import type { AddressTuple } from "@course/lib/peer";
import { expect, test } from "vitest";
import { isOnLoopback } from "../../lib/discovery/call-rules";
import { Intake } from "../../lib/discovery/intake";
import { LanedFrontier } from "../../lib/discovery/laned-frontier";
import { AddrMessage, readWantedAddresses } from "../../lib/wire/addr";
import { AddrV2Message, readWantedAddressesV2 } from "../../lib/wire/addrv2";
import { usedBytes } from "../../scripts/bench/clients/used-bytes";
import { unixNow } from "../helpers/gossip";

const ADDRESSES = 60_000;
const MENTIONS = 10_000_000;
const A_MESSAGE = 1000;
/** What an address takes in memory, in bytes, at most: 190 were measured. */
const MOST_BYTES = 300;
/** What that grows by with mentions of the same, in bytes, at most: half a byte was measured. */
const MOST_GROWTH = 20;

/** Returns payloads of `addr` and of `addrv2`, in turns, that name all addresses once. */
function payloads(): { isV2: boolean; payload: Uint8Array }[] {
  const known = Array.from({ length: ADDRESSES }, (_, i) => ({
    time: unixNow(),
    services: 1n,
    networkId: 1,
    host: `127.${100 + (i >> 16)}.${(i >> 8) & 0xff}.${i & 0xff}`,
    port: i % 3 === 0 ? 1 + (i % 65_535) : 8333,
  }));
  return Array.from({ length: ADDRESSES / A_MESSAGE }, (_, n) => {
    const some = known.slice(n * A_MESSAGE, (n + 1) * A_MESSAGE);
    const isV2 = n % 2 === 0;
    return { isV2, payload: (isV2 ? new AddrV2Message(some) : new AddrMessage(some)).toBytes() };
  });
}

test("ten million mentions of 60,000 addresses are 60,000 addresses, called once each, in memory that does not grow", () => {
  const messages = payloads();
  const before = usedBytes();
  let fresh = 0;
  const frontier = new LanedFrontier();
  const intake = new Intake(frontier, {
    mayCall: isOnLoopback,
    maxAgeSeconds: 86_400,
    maxAddresses: 1_000_000,
    maxPerGroup: Infinity,
    v2: false,
    networks: new Set([1, 2]),
    unixSeconds: unixNow,
    onNew: () => fresh++,
    onElsewhere: () => {},
  });
  const hear = (mentions: number) => {
    for (let i = 0; i < mentions / A_MESSAGE; i++) {
      const { isV2, payload } = messages[i % messages.length];
      const read = isV2 ? readWantedAddressesV2 : readWantedAddresses;
      intake.onAddresses(read(payload, (...mention) => intake.isWanted(...mention)).wanted);
    }
  };
  hear(ADDRESSES);
  const afterOnce = usedBytes() - before;
  hear(MENTIONS - ADDRESSES);
  const afterAll = usedBytes() - before;
  expect([fresh, frontier.heardOf, frontier.waiting]).toEqual([ADDRESSES, ADDRESSES, ADDRESSES]);
  expect(afterOnce / ADDRESSES).toBeLessThan(MOST_BYTES);
  expect((afterAll - afterOnce) / ADDRESSES).toBeLessThan(MOST_GROWTH);
  const called = new Set<string>();
  for (let one: AddressTuple | undefined; (one = intake.take(["ip"]));) called.add(one.join(" "));
  expect(called.size).toBe(ADDRESSES);
});
