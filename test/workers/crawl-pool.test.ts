/** What threads and processes have in common, tested with both. */
import { setMaxListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CrawlOptions } from "@course/lib/crawl";
import { addressString, type AddressTuple } from "@course/lib/peer";
import {
  crawlInProcesses,
  crawlInThreads,
  getVersionMessagesMultiprocess,
  getVersionMessagesThreaded,
} from "@course/lib/workers";
import { WorkerWatch } from "@course/lib/checks";
import { nobody } from "../helpers/loopback";
import { answeringPeer, BTCD_USER_AGENT, holdingPeer } from "../helpers/peers";
import { all, endless, later, outcomeOf, repeat } from "../helpers/visits";

type Addresses = Parameters<typeof crawlInThreads>[0];

const POOLS = {
  thread: {
    name: "crawlInThreads()",
    crawl: (addresses: Addresses, threads: number, options: CrawlOptions = {}) =>
      crawlInThreads(addresses, { threads, timeoutMs: 60_000, ...options }),
    visitAllName: "getVersionMessagesThreaded()",
    visitAll: getVersionMessagesThreaded,
  },
  process: {
    name: "crawlInProcesses()",
    crawl: (addresses: Addresses, processes: number, options: CrawlOptions = {}) =>
      crawlInProcesses(addresses, { processes, timeoutMs: 60_000, ...options }),
    visitAllName: "getVersionMessagesMultiprocess()",
    visitAll: getVersionMessagesMultiprocess,
  },
};
const KINDS = ["thread", "process"] as const;

/** A limit for what is polled, in milliseconds: only a failure takes as long. */
const LONG = { timeout: 15_000 };

let controller: AbortController;
let watch: WorkerWatch;
beforeEach(() => {
  controller = new AbortController();
  setMaxListeners(0, controller.signal);
  watch = new WorkerWatch(controller.signal);
});
afterEach(() => controller.abort());

/** What was open before any test: the test runner's. */
const openBefore = openResources();

/** What keeps a process alive: workers, and the channels to them. */
function openResources(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => /MessagePort|Process|Pipe|Worker/.test(kind));
}

/** Expects that all workers that were started have exited, and that nothing of them is left. */
async function expectAllExited(): Promise<void> {
  expect(watch.started.length).toBeGreaterThan(0);
  expect(watch.alive).toEqual([]);
  await expect.poll(openResources, LONG).toEqual(openBefore);
}

describe.each(KINDS)("a crawl in more than one %s", (kind) => {
  const { name, crawl } = POOLS[kind];

  test(`${name} yields one visit of each address, failures among them`, async () => {
    const addresses: AddressTuple[] = [["node.onion", 8333], await nobody()];
    for (let i = 0; i < 10; i++) addresses.push((await answeringPeer()).address);
    const visits = await all(crawl(addresses, 2, { concurrency: 4 }));
    const outcomes = new Map(visits.map((visit) => [visit.address, outcomeOf(visit)]));
    expect(visits).toHaveLength(addresses.length);
    expect(addresses.map((address) => outcomes.get(address))).toEqual([
      "UNREACHABLE",
      "REFUSED",
      ...Array<string>(10).fill(BTCD_USER_AGENT),
    ]);
    await expectAllExited();
  });

  test(`${name} has all its workers make visits, with times of one clock`, async () => {
    const before = Number(process.hrtime.bigint()) / 1e6;
    const { address } = await answeringPeer();
    const visits = await all(crawl(repeat(address, 9), 2, { concurrency: 3 }));
    expect(watch.started.map((worker) => worker.kind)).toEqual([kind, kind]);
    expect(new Set(visits.map(({ worker }) => worker))).toEqual(new Set([`${kind} 1`, `${kind} 2`]));
    const after = Number(process.hrtime.bigint()) / 1e6;
    for (const { startedAt, endedAt } of visits) {
      const times = [before, startedAt, endedAt, after];
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  test(`${name} makes as many visits at a time as its concurrency, and never more`, async () => {
    const peer = await holdingPeer();
    const crawling = all(crawl(repeat(peer.address, 13), 2, { concurrency: 5 }));
    for (const callers of [5, 5, 3]) {
      await peer.callersReach(callers);
      peer.answerAll();
    }
    expect(await crawling).toHaveLength(13);
    expect(peer.mostCallers).toBe(5);
  });

  test(`${name} of no addresses yields nothing, and starts no worker`, async () => {
    expect(await all(crawl([], 4))).toEqual([]);
    expect(await all(crawl(later([]), 4))).toEqual([]);
    expect(watch.started).toEqual([]);
  });

  test(`${name} starts no more workers than there are addresses, or visits at a time`, async () => {
    const { address } = await answeringPeer();
    expect(await all(crawl([address], 3))).toHaveLength(1);
    expect(watch.started).toHaveLength(1);
    expect(await all(crawl(repeat(address, 3), 3, { concurrency: 2 }))).toHaveLength(3);
    expect(watch.started).toHaveLength(3);
  });

  test.each<[string, (addresses: Iterable<AddressTuple>) => Addresses]>([
    ["", (addresses) => addresses],
    [" of an async iterable", later],
  ])(`${name} takes no more addresses%s than it has room for, while its loop pauses`, async (_, asGiven) => {
    const peer = await answeringPeer();
    const addresses = endless(peer.address);
    const visits = crawl(asGiven(addresses), 2, { concurrency: 8 });
    let most = 0;
    for (let seen = 0; seen < 60; seen++) {
      // Each fifth time, the loop waits until all that was taken is visited.
      if (seen % 5 === 4)
        await expect.poll(() => peer.connections.length >= addresses.taken - 1, LONG).toBe(true);
      most = Math.max(most, addresses.taken - seen);
      await visits.next();
    }
    await visits.return();
    // A quarter more than the concurrency; of an async iterable one more may have been asked for.
    expect(most).toBeLessThanOrEqual(10 + 1);
    await expect.poll(() => addresses.isClosed, LONG).toBe(true);
    await expectAllExited();
  });

  test(`${name} takes addresses that come in time from an async iterable, and all their visits`, async () => {
    const { address } = await answeringPeer();
    const addresses = Array.from({ length: 20 }, (_, i): AddressTuple => [
      `127.0.0.1`,
      i % 2 ? address[1] : 70_000,
    ]);
    const visits = await all(crawl(later(addresses), 2, { concurrency: 4 }));
    expect(new Set(visits.map((visit) => visit.address))).toEqual(new Set(addresses));
    expect(visits.filter(({ versionMessage }) => versionMessage)).toHaveLength(10);
    await expectAllExited();
  });

  test(`${name} yields visits while the next address of an async iterable has not come`, async () => {
    const { address } = await answeringPeer();
    let letCome = (): void => {};
    async function* slowly(): AsyncGenerator<AddressTuple> {
      yield address;
      await new Promise<void>((resolve) => (letCome = resolve));
      yield address;
    }
    const visits = crawl(slowly(), 2);
    expect((await visits.next()).value).toMatchObject({ address });
    letCome();
    expect((await visits.next()).value).toMatchObject({ address });
    expect(await visits.next()).toEqual({ done: true, value: undefined });
    await expectAllExited();
  });

  test(`${name} throws what an async iterable throws, after the visits under way`, async () => {
    const { address } = await answeringPeer();
    async function* broken(): AsyncGenerator<AddressTuple> {
      yield address;
      await Promise.reject(new Error("the list is torn"));
    }
    const visits = crawl(broken(), 2);
    expect((await visits.next()).value).toMatchObject({ address });
    await expect(visits.next()).rejects.toThrow("the list is torn");
    await expectAllExited();
  });

  test(`${name} closes an async iterator when its loop is left early`, async () => {
    const { address } = await answeringPeer();
    const addresses = endless(address);
    for await (const _ of crawl(later(addresses), 2, { concurrency: 4 })) break;
    await expect.poll(() => addresses.isClosed, LONG).toBe(true);
    await expectAllExited();
  });

  test(`${name} closes an endless async iterator when its signal is aborted`, async () => {
    const { address } = await answeringPeer();
    const abort = new AbortController();
    const addresses = endless(address);
    let seen = 0;
    for await (const _ of crawl(later(addresses), 2, { concurrency: 4, signal: abort.signal })) {
      if (++seen === 30) abort.abort();
    }
    expect(seen).toBe(30);
    await expect.poll(() => addresses.isClosed, LONG).toBe(true);
    await expectAllExited();
  });

  test(`${name} ends when its signal is aborted, though an async iterable gives no address`, async () => {
    const abort = new AbortController();
    async function* never(): AsyncGenerator<AddressTuple> {
      setImmediate(() => abort.abort());
      await new Promise(() => {});
    }
    expect(await all(crawl(never(), 2, { signal: abort.signal }))).toEqual([]);
    expect(watch.started).toEqual([]);
  });

  test(`${name} visits once more what a worker had when it died, and loses no address`, async () => {
    const first = await answeringPeer({}, () => {
      if (first.connections.length === 1) watch.alive[0].kill();
    });
    const addresses = [first.address];
    for (let i = 0; i < 12; i++) addresses.push((await answeringPeer()).address);
    const visits = await all(crawl(addresses, 1, { concurrency: 2 }));
    expect(visits.map(outcomeOf)).toEqual(Array<string>(13).fill(BTCD_USER_AGENT));
    expect(new Set(visits.map(({ address }) => addressString(address))).size).toBe(13);
    expect(watch.started).toHaveLength(2);
    await expectAllExited();
  });

  test(`${name} gives WORKER_DIED to an address that two workers died of, and visits the others`, async () => {
    const deadly = await answeringPeer({}, () => watch.alive.forEach((worker) => worker.kill()));
    const good = await answeringPeer();
    const addresses = [good, deadly, good, good].map(({ address }) => address);
    const visits = await all(crawl(addresses, 1, { concurrency: 1 }));
    expect(visits.map(outcomeOf).sort()).toEqual([...Array<string>(3).fill(BTCD_USER_AGENT), "WORKER_DIED"]);
    expect(visits.find(({ error }) => error)).toMatchObject({ address: deadly.address, worker: `${kind} 1` });
    expect(deadly.connections).toHaveLength(2);
    await expectAllExited();
  });

  test(`${name} ends when its signal is aborted: all workers and sockets are gone`, async () => {
    const peer = await holdingPeer();
    const abort = new AbortController();
    const crawling = all(crawl(repeat(peer.address, 100), 2, { concurrency: 10, signal: abort.signal }));
    await peer.callersReach(10);
    abort.abort();
    expect(await crawling).toEqual([]);
    await expectAllExited();
    await peer.allGone();
    expect(peer.sockets).toHaveLength(10);
  });

  test(`${name} starts no worker, and takes no address, if its signal is aborted before its start`, async () => {
    const addresses = endless(await nobody());
    expect(await all(crawl(addresses, 2, { signal: AbortSignal.abort() }))).toEqual([]);
    expect(addresses.taken).toBe(0);
    expect(watch.started).toEqual([]);
  });

  test(`${name} ends its workers when its loop is left early`, async () => {
    const [answering, holding] = [await answeringPeer(), await holdingPeer()];
    const addresses = [answering.address, ...repeat(holding.address, 50)];
    for await (const visit of crawl(addresses, 2, { concurrency: 10 })) {
      expect(visit.address).toBe(answering.address);
      break;
    }
    await expectAllExited();
    await holding.allGone();
  });

  test(`${name} throws what the loop over its addresses throws, after the visits under way`, async () => {
    const { address } = await answeringPeer();
    function* broken(): Generator<AddressTuple> {
      yield address;
      throw new Error("the list is torn");
    }
    const visits = crawl(broken(), 2);
    expect((await visits.next()).value).toMatchObject({ address });
    await expect(visits.next()).rejects.toThrow("the list is torn");
    await expectAllExited();
  });

  test(`${name} leaves no listener on its signal`, async () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, "addEventListener");
    const remove = vi.spyOn(signal, "removeEventListener");
    await all(crawl([], 2, { signal }));
    expect(add).toHaveBeenCalledOnce();
    expect(remove.mock.calls[0].slice(0, 2)).toEqual(add.mock.calls[0].slice(0, 2));
  });

  test.each([0, -1, 1.5, NaN])(`${name} refuses %d workers, and %d visits at a time`, async (n) => {
    await expect(all(crawl([], n))).rejects.toThrow(/to be an integer from 1 and up, got/);
    await expect(all(crawl([], 1, { concurrency: n }))).rejects.toThrow(
      `expected \`concurrency\` to be an integer from 1 and up, got ${n}`,
    );
  });

  test(`${name} throws a RangeError for a time limit that is none, and starts no worker`, async () => {
    const crawling = all(crawl([await nobody()], 1, { timeoutMs: -1 }));
    await expect(crawling).rejects.toThrow("expected `timeoutMs` to be a number above 0, got -1");
    expect(watch.started).toEqual([]);
  });
});

describe.each(KINDS)("one visit at a time in each %s", (kind) => {
  const { visitAllName: name, visitAll } = POOLS[kind];

  test(`${name} gives the visits in the order of the addresses, failures among them, and their workers`, async () => {
    const [silent, peer] = [await holdingPeer(), await answeringPeer()];
    const addresses = [silent.address, await nobody(), peer.address, peer.address];
    const visits = await visitAll(addresses, 2);
    expect(visits.map(({ address }) => address)).toEqual(addresses);
    expect(visits.map(outcomeOf)).toEqual(["ANSWER_TIMEOUT", "REFUSED", BTCD_USER_AGENT, BTCD_USER_AGENT]);
    expect(new Set(visits.map(({ worker }) => worker))).toEqual(new Set([`${kind} 1`, `${kind} 2`]));
    expect(watch.started.map((worker) => worker.kind)).toEqual([kind, kind]);
    await expectAllExited();
  });

  test(`${name} starts no more workers than there are addresses`, async () => {
    const { address } = await answeringPeer();
    expect(await visitAll([address], 5)).toHaveLength(1);
    expect(watch.started).toHaveLength(1);
    expect(await visitAll([], 5)).toEqual([]);
    expect(watch.started).toHaveLength(1);
  });

  test(`${name} starts a new worker when one dies, and tries an address twice at most`, async () => {
    const deadlyOnce = await answeringPeer({}, () => {
      if (deadlyOnce.connections.length === 1) watch.alive[0].kill();
    });
    const deadly = await answeringPeer({}, () => watch.alive[0].kill());
    const addresses = [deadlyOnce, deadly, await answeringPeer()].map(({ address }) => address);
    const visits = await visitAll(addresses, 1);
    expect(visits.map(outcomeOf)).toEqual([BTCD_USER_AGENT, "WORKER_DIED", BTCD_USER_AGENT]);
    expect(watch.started).toHaveLength(4);
    await expectAllExited();
  });

  test(`${name} refuses to use no workers`, async () => {
    const { address } = await answeringPeer();
    await expect(visitAll([address], 0)).rejects.toThrow(/to be an integer from 1 and up, got 0/);
  });
});
