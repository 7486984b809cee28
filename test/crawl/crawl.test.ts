import { execFile } from "node:child_process";
import { once } from "node:events";
import net, { type Socket } from "node:net";
import { promisify } from "node:util";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { crawl } from "@course/lib/crawl";
import { type AddressTuple, parseAddress } from "@course/lib/peer";
import { servePracticeNetwork } from "@course/lib/practice";
import { openFilesLimit } from "@course/lib/util";
import { serializePacket } from "@course/lib/wire";
import { blockFor, settle, stopClock } from "../helpers/blocking";
import { listen, nobody } from "../helpers/loopback";
import { answeringPeer, BTCD_USER_AGENT, holdingPeer, recordedReply } from "../helpers/peers";
import { all, endless, later, outcomeOf, repeat } from "../helpers/visits";

/** Longer than any test: for tests that are not about time limits. */
const timeoutMs = 60_000;

/** How many sockets, timers and immediates this process has, without the servers of other tests. */
const resources = () =>
  process.getActiveResourcesInfo().filter((name) => /^TCPSocket|^Timeout|^Immediate/.test(name)).length;
let before = resources();

afterEach(() => (before = resources()));

/** Resolves when there are no more resources than before the test. */
async function resourcesAreReleased(): Promise<void> {
  while (resources() > before) await new Promise(setImmediate); // vi.waitFor would have timers of its own
}

test("crawl() visits each address once, and keeps each error in its visit", async () => {
  const addresses: AddressTuple[] = [
    (await answeringPeer()).address,
    await nobody(),
    ["node.onion", 8333],
    ["127.0.0.1", 70_000],
    (await answeringPeer()).address,
  ];
  const visits = await all(crawl(addresses, { timeoutMs }));
  const outcomes = new Map(visits.map((visit) => [visit.address, outcomeOf(visit)]));
  expect(visits).toHaveLength(addresses.length);
  expect(addresses.map((address) => outcomes.get(address))).toEqual([
    BTCD_USER_AGENT,
    "REFUSED",
    "UNREACHABLE",
    "UNREACHABLE",
    BTCD_USER_AGENT,
  ]);
});

test("a visit of crawl() has the time of each phase, in order", async () => {
  const { address } = await answeringPeer();
  const [visit] = await all(crawl([address], { timeoutMs }));
  const { startedAt, connectedAt, sentAt, firstByteAt, endedAt } = visit;
  const times = [startedAt, connectedAt!, sentAt!, firstByteAt!, endedAt];
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times.every(Number.isFinite)).toBe(true);
});

test("crawl() yields each visit as soon as it is over, the quick before the slow", async () => {
  const slow = await holdingPeer();
  const quick = await answeringPeer();
  const visits = crawl([slow.address, quick.address], { timeoutMs });
  expect((await visits.next()).value).toMatchObject({ address: quick.address });
  await slow.callersReach(1);
  slow.answerAll();
  expect((await visits.next()).value).toMatchObject({ address: slow.address });
  expect(await visits.next()).toEqual({ done: true, value: undefined });
});

test("crawl() reads a version message however it is cut, with other peers' bytes between the pieces", async () => {
  const reply = recordedReply();
  const callers: Socket[] = [];
  const cutReply = (at: number) =>
    listen((socket) => {
      socket.setNoDelay(true);
      socket.once("data", () => {
        socket.write(reply.subarray(0, at));
        if (callers.push(socket) === 48) void settle().then(sendTheRest);
      });
    });
  const peers = await Promise.all(Array.from({ length: 48 }, (_, i) => cutReply(1 + 4 * i)));
  const lengthAt = new Map(peers.map(({ address: [, port] }, i) => [port, 1 + 4 * i]));
  const sendTheRest = () =>
    callers.forEach((socket) => socket.end(reply.subarray(lengthAt.get(socket.localPort!))));
  const visits = await all(
    crawl(
      peers.map(({ address }) => address),
      { timeoutMs },
    ),
  );
  expect(visits.map(outcomeOf)).toEqual(Array(48).fill(BTCD_USER_AGENT));
});

test("crawl() gives up on a peer that sends 128 KiB without a version message", async () => {
  const ping = serializePacket("ping", new Uint8Array(4000));
  const { address } = await answeringPeer({ chunks: [ping], forever: true });
  const [{ error }] = await all(crawl([address], { timeoutMs }));
  expect(error).toMatchObject({ code: "OVERSIZED", message: expect.stringContaining("without one") });
});

test("crawl() reports what is wrong with a peer's bytes", async () => {
  const { address } = await answeringPeer({ chunks: [Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")] });
  const [{ error }] = await all(crawl([address], { timeoutMs }));
  expect(error).toMatchObject({ code: "BAD_MAGIC", message: expect.stringContaining("f9beb4d9") });
});

test("crawl() makes as many visits at a time as its concurrency, and never more", async () => {
  const peer = await holdingPeer();
  const crawling = all(crawl(repeat(peer.address, 20), { concurrency: 7, timeoutMs }));
  for (const callers of [7, 7, 6]) {
    await peer.callersReach(callers);
    peer.answerAll();
  }
  expect(await crawling).toHaveLength(20);
  expect(peer.mostCallers).toBe(7);
});

test("crawl() reaches a concurrency above a thousand, where it pauses between connections", async () => {
  const peer = await holdingPeer();
  const crawling = all(crawl(repeat(peer.address, 1500), { concurrency: 1400, timeoutMs }));
  for (const callers of [1400, 100]) {
    await peer.callersReach(callers);
    peer.answerAll();
  }
  expect(await crawling).toHaveLength(1500);
  expect(peer.mostCallers).toBe(1400);
});

test("crawl() takes no address for which it has no slot, also while the loop over it pauses", async () => {
  const peer = await holdingPeer();
  const addresses = endless(peer.address);
  const visits = crawl(addresses, { concurrency: 5, timeoutMs });
  const first = visits.next();
  await peer.callersReach(5);
  await settle();
  expect(addresses.taken).toBe(5);
  peer.answerAll();
  await first;
  for (let taken = 1; taken <= 4; taken++) {
    await peer.callersReach(taken); // one more for each visit that was taken
    await settle();
    expect(addresses.taken).toBe(5 + taken);
    await visits.next();
  }
  await visits.return();
});

test.each([0, -1, 1.5, NaN, "10" as never])("crawl() refuses a concurrency of %s", async (concurrency) => {
  await expect(crawl([], { concurrency }).next()).rejects.toThrow(
    `expected \`concurrency\` to be an integer from 1 and up, got ${concurrency}`,
  );
});

test("crawl() refuses a concurrency above the limit on open files, unless there are fewer addresses", async () => {
  const concurrency = openFilesLimit() + 1;
  await expect(crawl(new Set(), { concurrency }).next()).rejects.toThrow(/ulimit -n/);
  const { address } = await answeringPeer();
  expect(await all(crawl([address], { concurrency, timeoutMs }))).toHaveLength(1);
});

test.each([0, -5, NaN, Infinity, 2 ** 31])("crawl() refuses a timeout of %s ms", async (timeoutMs) => {
  await expect(crawl([], { timeoutMs }).next()).rejects.toThrow(/timeoutMs/);
});

test("crawl() takes addresses that come in time from an async iterable", async () => {
  const { address } = await answeringPeer();
  expect(await all(crawl(later(repeat(address, 5)), { concurrency: 2, timeoutMs }))).toHaveLength(5);
});

test("crawl() of no addresses yields nothing", async () => {
  expect(await all(crawl([]))).toEqual([]);
  expect(await all(crawl(later([])))).toEqual([]);
});

test("crawl() throws what the loop over its addresses throws, after the visits under way", async () => {
  const peer = await holdingPeer();
  async function* failsLater() {
    yield peer.address;
    await Promise.reject(new Error("no more paper"));
  }
  const visits = crawl(failsLater(), { timeoutMs });
  const first = visits.next();
  await peer.callersReach(1);
  peer.answerAll();
  expect((await first).value).toMatchObject({ address: peer.address });
  await expect(visits.next()).rejects.toThrow("no more paper");
  function* fails(): Generator<AddressTuple> {
    throw new Error("no pencil");
  }
  await expect(all(crawl(fails()))).rejects.toThrow("no pencil");
});

test("crawl() closes the iterator of its addresses when its loop is left early", async () => {
  const { address } = await answeringPeer();
  const addresses = endless(address);
  for await (const visit of crawl(addresses, { concurrency: 3, timeoutMs })) {
    if (visit.versionMessage) break;
  }
  expect(addresses.isClosed).toBe(true);
});

test("crawl() closes an async iterator when its loop is left early", async () => {
  const { address } = await answeringPeer();
  const addresses = endless(address);
  for await (const _ of crawl(later(addresses), { concurrency: 3, timeoutMs })) break;
  await vi.waitFor(() => expect(addresses.isClosed).toBe(true), 10_000);
});

test.each([
  [
    "throws",
    () => {
      throw new Error("cannot close");
    },
  ],
  [
    "rejects",
    async () => {
      throw new Error("cannot close");
    },
  ],
])("a crawl() that is left early closes its sockets, though the iterator's return() %s", async (_, close) => {
  const quick = await answeringPeer();
  const slow = await holdingPeer();
  const list = [quick.address, ...repeat(slow.address, 100)][Symbol.iterator]();
  const iterator = { next: () => list.next(), return: close };
  const addresses = { [Symbol.iterator]: () => iterator } as never;
  for await (const _visit of crawl(addresses, { concurrency: 3, timeoutMs })) break;
  await slow.allGone();
});

test("aborting the signal of crawl() ends it at once, closes every socket and leaves nothing behind", async () => {
  const peer = await holdingPeer();
  const controller = new AbortController();
  const { signal } = controller;
  const crawling = all(crawl(repeat(peer.address, 300), { concurrency: 200, timeoutMs, signal }));
  await peer.callersReach(200);
  controller.abort();
  expect(await crawling).toEqual([]);
  expect(peer.sockets).toHaveLength(200);
  await peer.allGone();
  await resourcesAreReleased();
});

test("crawl() ends when the cell that crawls is interrupted, though it was given no signal", async () => {
  const peer = await holdingPeer();
  const controller = new AbortController();
  vi.stubGlobal("__tslab__", { exports: {}, kernel: { signal: controller.signal } });
  onTestFinished(() => void vi.unstubAllGlobals());
  const crawling = all(crawl(repeat(peer.address, 50), { concurrency: 20, timeoutMs }));
  await peer.callersReach(20);
  controller.abort();
  expect(await crawling).toEqual([]);
  await peer.allGone();
  await resourcesAreReleased();
});

test("aborting the signal of crawl() while it pauses between connections leaves nothing behind", async () => {
  const { address } = await holdingPeer();
  const controller = new AbortController();
  const { signal } = controller;
  const addresses = endless(address, (taken) => {
    if (taken === 1200) setImmediate(() => controller.abort());
  });
  expect(await all(crawl(addresses, { concurrency: 5000, timeoutMs, signal }))).toEqual([]);
  expect(addresses.taken).toBeLessThan(1400);
  expect(addresses.isClosed).toBe(true);
  await resourcesAreReleased();
});

test("aborting the signal of crawl() while it waits for an address ends it, though no address comes", async () => {
  const controller = new AbortController();
  async function* never(): AsyncGenerator<AddressTuple> {
    setImmediate(() => controller.abort());
    await new Promise(() => {});
  }
  expect(await all(crawl(never(), { signal: controller.signal }))).toEqual([]);
});

// A crawl whose signal was aborted before its start once left without its clean-up, and opened a batch of
// connections all the same.
test("crawl() opens no connection, and takes no address, if its signal is aborted before its start", async () => {
  const peer = await holdingPeer();
  const addresses = endless(peer.address);
  expect(await all(crawl(addresses, { concurrency: 5, signal: AbortSignal.abort() }))).toEqual([]);
  await settle();
  expect(peer.sockets).toHaveLength(0);
  expect(addresses.taken).toBe(0);
  await resourcesAreReleased();
});

test("leaving the loop over crawl() closes every socket", async () => {
  const peer = await holdingPeer();
  const quick = await answeringPeer();
  for await (const visit of crawl([...repeat(peer.address, 20), quick.address], { timeoutMs })) {
    expect(visit.address).toBe(quick.address);
    break;
  }
  await peer.allGone();
});

test("crawl() leaves no listener on its signal", async () => {
  const { signal } = new AbortController();
  const add = vi.spyOn(signal, "addEventListener");
  const remove = vi.spyOn(signal, "removeEventListener");
  await all(crawl([await nobody()], { signal }));
  expect(add).toHaveBeenCalledOnce();
  expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(
    add.mock.calls.map(([, listener]) => listener),
  );
});

test("the time limit of crawl() is for connecting and again for answering, and its error says which", async () => {
  const { address } = await holdingPeer();
  const [visit] = await all(crawl([address], { timeoutMs: 50 }));
  expect(visit.error).toMatchObject({ code: "ANSWER_TIMEOUT" });
  expect(visit.firstByteAt).toBeUndefined();
  expect(visit.endedAt - visit.connectedAt!).toBeGreaterThanOrEqual(50);
});

test("no visit of crawl() times out because this process is late: answers that have come are read first", async () => {
  stopClock();
  const peer = await holdingPeer();
  const crawling = all(crawl(repeat(peer.address, 20), { timeoutMs: 1000 }));
  await peer.callersReach(20);
  await settle(); // our version messages are sent, and their deadlines set
  blockFor(5000, () => peer.answerAll());
  expect((await crawling).map(outcomeOf)).toEqual(Array(20).fill(BTCD_USER_AGENT));
});

test("crawl() finds what the practice network says of its peers", async () => {
  const network = await servePracticeNetwork({ peers: 400, latency: 0 });
  onTestFinished(() => network.close());
  const truth = await network.truth();
  const addresses = truth.map(({ address }) => parseAddress(address));
  const visits = await all(crawl(addresses, { concurrency: 100, timeoutMs: 1000 }));
  const found = new Map(visits.map(({ address, error }) => [address, error?.code ?? "version"]));
  expect(addresses.map((address) => found.get(address))).toEqual(truth.map(({ outcome }) => outcome));
  await vi.waitFor(async () => expect((await network.statistics()).open).toBe(0), 10_000);
});

test("crawl() goes on with fewer visits at a time when it runs out of open files, and says so", async () => {
  const server = net
    .createServer((socket) => socket.once("data", () => socket.end(recordedReply())))
    .listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as net.AddressInfo;
  const { stdout, stderr } = await runWithFiles(
    128,
    `const fs = require("fs");
     const { crawl } = require("@course/lib/crawl");
     (async () => {
       let received = 0;
       const failed = [];
       const open = [];
       const addresses = Array.from({ length: 100 }, () => ["127.0.0.1", ${port}]);
       try { for (;;) open.push(fs.openSync(process.execPath)); } catch {}
       for (let i = 0; i < 5; i++) fs.closeSync(open.pop());
       for await (const { versionMessage, error } of crawl(addresses, { concurrency: 16, timeoutMs: ${timeoutMs} })) {
         if (versionMessage) received++; else failed.push(error.code);
       }
       console.log(JSON.stringify({ received, failed }));
     })();`,
  );
  expect(JSON.parse(stdout)).toEqual({ received: 100, failed: [] });
  expect(stderr).toMatch(/no more files to open \(EMFILE\): the crawl goes on with \d+ visits? at a time/);
});

/** Runs code in a process that may have so many files open. */
function runWithFiles(files: number, code: string): Promise<{ stdout: string; stderr: string }> {
  const command = `ulimit -n ${files} && exec "$0" -e "$1"`;
  return promisify(execFile)("sh", ["-c", command, process.execPath, code]);
}
