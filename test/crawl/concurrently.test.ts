import { expect, test } from "vitest";
import { getVersionMessagesConcurrently } from "@course/lib/crawl";
import type { AddressTuple } from "@course/lib/peer";
import { recordedChunks, recordingOf } from "@course/lib/recordings";
import { listen, nobody } from "../helpers/loopback";

/** A peer that says what btcd was recorded to say, once `waitsFor` has come. */
async function peer(waitsFor: Promise<unknown> | undefined, onCall = () => {}, onAnswer = () => {}) {
  const { address } = await listen((socket) => {
    onCall();
    const answer = () => {
      onAnswer();
      recordedChunks(recordingOf("btcd")).forEach((chunk) => socket.write(chunk));
    };
    socket.once("data", () => void Promise.resolve(waitsFor).then(answer));
  });
  return address;
}

test("visits stand in the order of the addresses, failures among them", async () => {
  const addresses: AddressTuple[] = [
    await peer(new Promise((resolve) => setTimeout(resolve, 50))), // the first to be called, and the last to answer
    await nobody(),
    ["node.onion", 8333],
    await peer(undefined),
  ];
  const visits = await getVersionMessagesConcurrently(addresses, 4);
  expect(visits.map(({ address }) => address)).toEqual(addresses);
  expect(visits.map(({ versionMessage }) => versionMessage?.userAgent)).toEqual([
    "/btcwire:0.5.0/btcd:0.26.2/",
    undefined,
    undefined,
    "/btcwire:0.5.0/btcd:0.26.2/",
  ]);
  expect(visits.map(({ error }) => error?.code)).toEqual([undefined, "REFUSED", "UNREACHABLE", undefined]);
  expect(visits[0].endedAt).toBeGreaterThan(visits[3].endedAt);
});

test.each([1, 3])(
  "with a concurrency of %d so many conversations go on at once, and no more",
  async (bound) => {
    let open = 0;
    let most = 0;
    let boundReached = () => {};
    const isFull = new Promise<void>((resolve) => (boundReached = resolve));
    const onCall = () => {
      most = Math.max(most, ++open);
      if (open === bound) boundReached();
    };
    const addresses = await Promise.all(Array.from({ length: 8 }, () => peer(isFull, onCall, () => open--)));
    const visits = await getVersionMessagesConcurrently(addresses, bound);
    expect(most).toBe(bound);
    expect(visits.filter(({ versionMessage }) => versionMessage)).toHaveLength(8);
  },
);

test("one that takes its time keeps nobody waiting", async () => {
  let lastCalled = () => {};
  const last = new Promise<void>((resolve) => (lastCalled = resolve));
  const addresses = [
    await peer(last),
    await peer(undefined),
    await peer(undefined),
    await peer(undefined, lastCalled),
  ];
  const visits = await getVersionMessagesConcurrently(addresses, 2);
  expect(visits.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined]);
});

test("a bound that is none is an error, and nobody is called", async () => {
  let calls = 0;
  const address = await peer(undefined, () => calls++);
  await expect(getVersionMessagesConcurrently([address], 0)).rejects.toThrow(
    "expected `concurrency` to be an integer from 1 and up, got 0",
  );
  expect(calls).toBe(0);
});
