/** What threads and processes promise alike, each tried with both. */
import { setMaxListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CrawlOptions } from "@course/lib/crawl";
import { addressString, type AddressTuple, type Visit } from "@course/lib/peer";
import { recordedChunks, recordingOf } from "@course/lib/recordings";
import {
  crawlInProcesses,
  crawlInThreads,
  getVersionMessagesMultiprocess,
  getVersionMessagesThreaded,
} from "@course/lib/workers";
import { WorkerWatch } from "@course/lib/checks";
import { listen, nobody } from "../helpers/loopback";

type Addresses = Iterable<AddressTuple>;

const TEAMS = {
  thread: {
    crawl: (addresses: Addresses, threads: number, options: CrawlOptions = {}) =>
      crawlInThreads(addresses, { threads, ...options }),
    visitAll: getVersionMessagesThreaded,
  },
  process: {
    crawl: (addresses: Addresses, processes: number, options: CrawlOptions = {}) =>
      crawlInProcesses(addresses, { processes, ...options }),
    visitAll: getVersionMessagesMultiprocess,
  },
};

let controller: AbortController;
let watch: WorkerWatch;
beforeEach(() => {
  controller = new AbortController();
  setMaxListeners(0, controller.signal);
  watch = new WorkerWatch(controller.signal);
});
afterEach(() => controller.abort());

/** What was open before anything was started: lines of the test runner. */
const openBefore = open();

/** What keeps a process alive: workers, and the lines to them. */
function open(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => /MessagePort|Process|Pipe|Worker/.test(kind));
}

/** All workers are gone, and nothing of them is left. */
async function expectAllGone(): Promise<void> {
  expect(watch.started.length).toBeGreaterThan(0);
  expect(watch.alive).toEqual([]);
  await expect.poll(open).toEqual(openBefore);
}

/** A peer that says what btcd says, once `ready` lets it. `onCall` hears how often it was called. */
async function peer(
  onCall: (times: number) => void = () => {},
  ready: Promise<unknown> = Promise.resolve(),
): Promise<AddressTuple> {
  let times = 0;
  const { address } = await listen((socket) => {
    onCall(++times);
    socket.once("data", () => {
      void ready.then(() => recordedChunks(recordingOf("btcd")).forEach((chunk) => socket.write(chunk)));
    });
  });
  return address;
}

/** A peer that takes every call and answers none; `calls` is how many are open. */
async function silentPeer() {
  const peer = { address: ["", 0] as AddressTuple, calls: 0, all: 0 };
  const { address } = await listen((socket) => {
    peer.calls++;
    peer.all++;
    socket.on("close", () => peer.calls--);
  });
  peer.address = address;
  return peer;
}

async function all(visits: AsyncIterable<Visit>): Promise<Visit[]> {
  const list: Visit[] = [];
  for await (const visit of visits) list.push(visit);
  return list;
}

function outcome({ versionMessage, error }: Visit): string {
  return versionMessage?.userAgent ?? error!.code;
}

describe.each(["thread", "process"] as const)("a crawl in more than one %s", (kind) => {
  const { crawl } = TEAMS[kind];

  test("gives each address one visit, its outcome kept, whatever comes of the others", async () => {
    const addresses: AddressTuple[] = [["node.onion", 8333], await nobody()];
    for (let i = 0; i < 10; i++) addresses.push(await peer());
    const visits = await all(crawl(addresses, 2, { concurrency: 4 }));
    const byAddress = new Map(visits.map((visit) => [addressString(visit.address), outcome(visit)]));
    expect(visits).toHaveLength(addresses.length);
    expect(addresses.map((address) => byAddress.get(addressString(address)))).toEqual([
      "UNREACHABLE",
      "REFUSED",
      ...Array<string>(10).fill("/btcwire:0.5.0/btcd:0.26.2/"),
    ]);
    await expectAllGone();
  });

  test("has all members at work, each on a share of the concurrency, by the same clock", async () => {
    const before = Number(process.hrtime.bigint()) / 1e6;
    const silent = await silentPeer();
    const loop = crawl(Array<AddressTuple>(9).fill(silent.address), 2, { concurrency: 3, timeoutMs: 300 });
    const visits = await all(loop);
    expect(watch.started.map((worker) => worker.kind)).toEqual([kind, kind]);
    expect(new Set(visits.map(({ worker }) => worker))).toEqual(new Set([`${kind} 1`, `${kind} 2`]));
    const after = Number(process.hrtime.bigint()) / 1e6;
    for (const { startedAt, endedAt } of visits) {
      expect([before, startedAt, endedAt, after]).toEqual(
        [before, startedAt, endedAt, after].sort((a, b) => a - b),
      );
    }
  });

  test("of nobody is over at once, and starts nothing", async () => {
    expect(await all(crawl([], 4))).toEqual([]);
    expect(watch.started).toEqual([]);
  });

  test("starts no more members than there are addresses, or visits at a time", async () => {
    const address = await peer();
    expect(await all(crawl([address], 3))).toHaveLength(1);
    expect(watch.started).toHaveLength(1);
    expect(await all(crawl([address, address, address], 3, { concurrency: 2 }))).toHaveLength(3);
    expect(watch.started).toHaveLength(3);
  });

  test("takes addresses as there is room for them, and no more while nobody takes the visits", async () => {
    const address = await peer();
    let taken = 0;
    function* endless(): Generator<AddressTuple> {
      for (;;) {
        taken++;
        yield address;
      }
    }
    let seen = 0;
    let most = 0;
    for await (const _ of crawl(endless(), 2, { concurrency: 8 })) {
      most = Math.max(most, taken - ++seen);
      if (seen % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5)); // a slow loop
      if (seen === 300) break;
    }
    expect(most).toBeLessThanOrEqual(8 + 2);
    await expectAllGone();
  });

  test("tries what a member had not finished once more when the member dies, and loses nobody", async () => {
    const killFirst = (times: number) => void (times === 1 && watch.alive[0].kill());
    const addresses = [await peer(killFirst)];
    for (let i = 0; i < 12; i++) addresses.push(await peer());
    const visits = await all(crawl(addresses, 1, { concurrency: 2 }));
    expect(visits.map(outcome)).toEqual(Array<string>(13).fill("/btcwire:0.5.0/btcd:0.26.2/"));
    expect(new Set(visits.map(({ address }) => addressString(address))).size).toBe(13);
    expect(watch.started).toHaveLength(2);
    await expectAllGone();
  });

  test("says WORKER_DIED of an address that two members died of, and goes on with the others", async () => {
    let calls = 0;
    const deadly = await peer(() => {
      calls++;
      watch.alive.forEach((worker) => worker.kill());
    });
    const good = await peer();
    const visits = await all(crawl([good, deadly, good, good], 1, { concurrency: 1 }));
    expect(visits.map(outcome)).toContain("WORKER_DIED");
    expect(visits.find(({ error }) => error)).toMatchObject({ address: deadly, worker: `${kind} 1` });
    expect(visits.filter(({ versionMessage }) => versionMessage)).toHaveLength(3);
    expect(calls).toBe(2);
    await expectAllGone();
  });

  test("ends with its signal: within moments all members and sockets are gone", async () => {
    const silent = await silentPeer();
    const abort = new AbortController();
    const loop = all(
      crawl(Array<AddressTuple>(100).fill(silent.address), 2, { concurrency: 10, signal: abort.signal }),
    );
    await expect.poll(() => silent.calls, { interval: 5 }).toBe(10);
    abort.abort();
    expect(await loop).toEqual([]);
    await expectAllGone();
    await expect.poll(() => silent.calls).toBe(0);
    expect(silent.all).toBe(10);
  });

  test("does not begin when its signal is aborted already", async () => {
    expect(await all(crawl([await peer()], 2, { signal: AbortSignal.abort() }))).toEqual([]);
    expect(watch.started).toEqual([]);
  });

  test("ends when the loop over it is left", async () => {
    const [answering, silent] = [await peer(), await silentPeer()];
    const addresses = [answering, ...Array<AddressTuple>(50).fill(silent.address)];
    for await (const visit of crawl(addresses, 2, { concurrency: 10 })) {
      expect(visit.address).toBe(answering);
      break;
    }
    await expectAllGone();
    await expect.poll(() => silent.calls).toBe(0);
  });

  test("passes on what the loop over the addresses throws, with all members gone", async () => {
    const address = await peer();
    function* broken(): Generator<AddressTuple> {
      yield address;
      throw new Error("the list is torn");
    }
    await expect(all(crawl(broken(), 2))).rejects.toThrow("the list is torn");
    await expectAllGone();
  });

  test.each([0, -1, 1.5, NaN])("refuses %d members, and %d visits at a time", async (n) => {
    await expect(all(crawl([], n))).rejects.toThrow(/to be an integer from 1 and up, got/);
    await expect(all(crawl([], 1, { concurrency: n }))).rejects.toThrow(/expected `concurrency`/);
  });
});

describe.each(["thread", "process"] as const)("one visit at a time in each %s", (kind) => {
  const { visitAll } = TEAMS[kind];

  test("gives the visits in the order of the addresses, failures among them, and who made them", async () => {
    let answer = (): void => {};
    const othersCalled = new Promise<void>((resolve) => (answer = resolve));
    const slow = await peer(() => {}, othersCalled);
    const last = await peer(() => answer());
    const visits = await visitAll([slow, await nobody(), await peer(), last], 2);
    expect(visits.map(outcome)).toEqual(
      ["/", "REFUSED", "/", "/"].map((text) => (text === "/" ? "/btcwire:0.5.0/btcd:0.26.2/" : text)),
    );
    expect(new Set(visits.map(({ worker }) => worker))).toEqual(new Set([`${kind} 1`, `${kind} 2`]));
    expect(watch.started.map((worker) => worker.kind)).toEqual([kind, kind]);
    await expectAllGone();
  });

  test("starts no more of them than there are addresses", async () => {
    expect(await visitAll([await peer()], 5)).toHaveLength(1);
    expect(watch.started).toHaveLength(1);
    expect(await visitAll([], 5)).toEqual([]);
    expect(watch.started).toHaveLength(1);
  });

  test("asks a new one when one dies, and once only", async () => {
    const deadlyOnce = await peer((times) => times === 1 && watch.alive[0].kill());
    const deadly = await peer(() => watch.alive[0].kill());
    const visits = await visitAll([deadlyOnce, deadly, await peer()], 1);
    expect(visits.map(outcome)).toEqual([
      "/btcwire:0.5.0/btcd:0.26.2/",
      "WORKER_DIED",
      "/btcwire:0.5.0/btcd:0.26.2/",
    ]);
    expect(watch.started).toHaveLength(4);
    await expectAllGone();
  });

  test("refuses to be done by nobody", async () => {
    await expect(visitAll([await peer()], 0)).rejects.toThrow(/to be an integer from 1 and up, got 0/);
  });
});
