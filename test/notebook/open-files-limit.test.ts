import { expect, test } from "vitest";
import { crawlWithOpenFilesLimit } from "@course/lib/notebook";
import type { AddressTuple } from "@course/lib/peer";
import { recordedChunks, recordingOf } from "@course/lib/recordings";
import { listen } from "../helpers/loopback";

const isWindows = process.platform === "win32";
const FILES = 64;
const PEERS = 80;

/**
 * The address of one peer, `count` times: each connection needs a file of the caller.
 *
 * The peer answers once `atOnce` callers have connected.
 */
async function peers(count: number, atOnce: number): Promise<AddressTuple[]> {
  let called = 0;
  let enough = () => {};
  const enoughCalled = new Promise<void>((resolve) => (enough = resolve));
  const { address } = await listen((socket) => {
    if (++called === atOnce) enough();
    const answer = () => recordedChunks(recordingOf("btcd")).forEach((chunk) => socket.write(chunk));
    socket.once("data", () => void enoughCalled.then(answer));
  });
  return Array.from({ length: count }, () => address);
}

test.skipIf(isWindows)("more connections at once than open files end in TOO_MANY_FILES", async () => {
  const addresses = await peers(PEERS, 20);
  const outcomes = await crawlWithOpenFilesLimit(addresses, { concurrency: PEERS, openFiles: FILES });
  const { version = 0, TOO_MANY_FILES: none = 0 } = outcomes;
  expect(version + none).toBe(PEERS);
  expect(version).toBeGreaterThanOrEqual(20);
  expect(none).toBeGreaterThanOrEqual(PEERS - FILES);
});

test.skipIf(isWindows)(
  "with a concurrency below the limit on open files every call is answered",
  async () => {
    const addresses = await peers(PEERS, 10);
    const outcomes = await crawlWithOpenFilesLimit(addresses, { concurrency: 10, openFiles: FILES });
    expect(outcomes).toEqual({ version: PEERS });
  },
);

test.skipIf(isWindows)("the error of crawlWithOpenFilesLimit() has the shell's message", async () => {
  await expect(crawlWithOpenFilesLimit([], { concurrency: 1, openFiles: -5 })).rejects.toThrow(
    /with -5 open files ended with \d+: .*ulimit/,
  );
});
