import { expect, test } from "vitest";
import { crawlWithOpenFilesLimit } from "@course/lib/notebook";
import type { AddressTuple } from "@course/lib/peer";
import { recordedChunks, recordingOf } from "@course/lib/recordings";
import { listen } from "../helpers/loopback";

const isWindows = process.platform === "win32";
const FILES = 64;
const PEERS = 80;

/** The same peer so many times: each call is a file of the caller's all the same. It answers when `all` have called, or those who could. */
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

test.skipIf(isWindows)("more at once than files give visits that found no file", async () => {
  const addresses = await peers(PEERS, 20);
  const outcomes = await crawlWithOpenFilesLimit(addresses, { concurrency: PEERS, openFiles: FILES });
  const { version = 0, TOO_MANY_FILES: none = 0 } = outcomes;
  expect(version + none).toBe(PEERS);
  expect(version).toBeGreaterThanOrEqual(20);
  expect(none).toBeGreaterThanOrEqual(PEERS - FILES);
});

test.skipIf(isWindows)("with a bound below the limit each of them is answered", async () => {
  const addresses = await peers(PEERS, 10);
  const outcomes = await crawlWithOpenFilesLimit(addresses, { concurrency: 10, openFiles: FILES });
  expect(outcomes).toEqual({ version: PEERS });
});

test.skipIf(isWindows)("what the shell says is in the error", async () => {
  await expect(crawlWithOpenFilesLimit([], { concurrency: 1, openFiles: -5 })).rejects.toThrow(
    /with -5 open files ended with \d+: .*ulimit/,
  );
});
