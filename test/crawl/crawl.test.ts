import { execFile } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import { promisify } from "node:util";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { nodesToAddressTuples } from "@course/lib/bitnodes";
import { crawl } from "@course/lib/crawl";
import type { AddressTuple, Visit } from "@course/lib/peer";
import { servePracticeNetwork } from "@course/lib/practice";
import { recordedChunks, recordingOf } from "@course/lib/recordings";
import { openFilesLimit } from "@course/lib/util";
import { MAGIC, serializePacket } from "@course/lib/wire";
import { listen, nobody } from "../helpers/loopback";

const answer = Buffer.concat(recordedChunks(recordingOf("btcd")));

/** How many sockets and timers this process has, those of other tests' servers left out. */
const resources = () =>
  process.getActiveResourcesInfo().filter((name) => /^TCPSocket|^Timeout|^Immediate/.test(name)).length;
let before = resources();

afterEach(() => (before = resources()));

/** A peer that answers when its caller has introduced itself. */
async function polite(): Promise<AddressTuple> {
  const { address } = await listen((socket) => socket.once("data", () => socket.end(answer)));
  return address;
}

/** A peer whose callers wait until `speak` is called, and how many of them wait. */
async function waiting() {
  let callers: net.Socket[] = [];
  const peer = await listen((socket) => callers.push(socket));
  const speak = () => {
    callers.forEach((socket) => socket.end(answer));
    callers = [];
  };
  return { ...peer, callers: () => callers.length, speak };
}

async function all(visits: AsyncIterable<Visit>): Promise<Visit[]> {
  const list: Visit[] = [];
  for await (const visit of visits) list.push(visit);
  return list;
}

const repeat = (address: AddressTuple, times: number): AddressTuple[] =>
  Array.from({ length: times }, () => address);

describe("crawl", () => {
  test("visits everybody once, and keeps each error in its visit", async () => {
    const addresses: AddressTuple[] = [
      await polite(),
      await nobody(),
      ["node.onion", 8333],
      ["127.0.0.1", 70_000],
      await polite(),
    ];
    const visits = await all(crawl(addresses));
    const found = new Map(
      visits.map(({ address, versionMessage, error }) => [address, versionMessage?.userAgent ?? error?.code]),
    );
    expect(visits).toHaveLength(addresses.length);
    expect(addresses.map((address) => found.get(address))).toEqual([
      "/btcwire:0.5.0/btcd:0.26.2/",
      "REFUSED",
      "UNREACHABLE",
      "UNREACHABLE",
      "/btcwire:0.5.0/btcd:0.26.2/",
    ]);
  });

  test("notes the time of each phase, in order", async () => {
    const [visit] = await all(crawl([await polite()]));
    const { startedAt, connectedAt, sentAt, firstByteAt, endedAt } = visit;
    const times = [startedAt, connectedAt!, sentAt!, firstByteAt!, endedAt];
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.every(Number.isFinite)).toBe(true);
  });

  test("gives each visit as soon as it is over, the quick before the slow", async () => {
    const slow = await waiting();
    const quick = await polite();
    const visits = crawl([slow.address, quick], { timeoutMs: 60_000 });
    expect((await visits.next()).value).toMatchObject({ address: quick });
    slow.speak();
    expect((await visits.next()).value).toMatchObject({ address: slow.address });
    expect(await visits.next()).toEqual({ done: true, value: undefined });
  });

  test("reads a version message however it is cut, with other callers' bytes between the pieces", async () => {
    const cut = (at: number) =>
      listen((socket) => {
        socket.setNoDelay(true);
        socket.once("data", () => {
          socket.write(answer.subarray(0, at));
          setTimeout(() => socket.end(answer.subarray(at)), 30);
        });
      });
    const peers = await Promise.all(Array.from({ length: 48 }, (_, i) => cut(1 + 4 * i)));
    const visits = await all(crawl([...peers.map(({ address }) => address), await polite()]));
    expect(visits.map(({ error }) => error)).toEqual(visits.map(() => undefined));
  });

  test("hears nobody out who goes on and on without a version message", async () => {
    const { address } = await listen((socket) => {
      const ping = serializePacket("ping", new Uint8Array(4000));
      const talk = setInterval(() => socket.write(ping), 1);
      socket.on("close", () => clearInterval(talk));
    });
    const [{ error }] = await all(crawl([address], { timeoutMs: 60_000 }));
    expect(error).toMatchObject({ code: "OVERSIZED", message: expect.stringContaining("without one") });
  });

  test("reports what is wrong with the bytes", async () => {
    const { address } = await listen((socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    );
    const [{ error }] = await all(crawl([address]));
    expect(error).toMatchObject({ code: "BAD_MAGIC", message: expect.stringContaining("f9beb4d9") });
    expect(MAGIC).toHaveLength(4);
  });
});

describe("the bound of a crawl", () => {
  test("is never passed, and is reached", async () => {
    const peer = await waiting();
    const crawling = all(crawl(repeat(peer.address, 20), { concurrency: 7, timeoutMs: 60_000 }));
    let visited = 0;
    while (visited < 20) {
      const expected = Math.min(7, 20 - visited);
      await vi.waitFor(() => expect(peer.callers()).toBe(expected));
      visited += peer.callers();
      peer.speak();
    }
    expect(await crawling).toHaveLength(20);
  });

  test("is reached beyond a thousand, too, where connections are opened with pauses", async () => {
    const peer = await waiting();
    const crawling = all(crawl(repeat(peer.address, 1500), { concurrency: 1400, timeoutMs: 60_000 }));
    await vi.waitFor(() => expect(peer.callers()).toBe(1400), 10_000);
    peer.speak();
    await vi.waitFor(() => expect(peer.callers()).toBe(100), 10_000);
    peer.speak();
    expect(await crawling).toHaveLength(1500);
  });

  test("holds for addresses that are taken, too: a loop that pauses is waited for", async () => {
    let taken = 0;
    const address = await polite();
    function* endless() {
      for (;;) {
        taken++;
        yield address;
      }
    }
    const visits = crawl(endless(), { concurrency: 5 });
    await visits.next();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(taken).toBeLessThanOrEqual(6);
    for (let i = 0; i < 20; i++) await visits.next();
    expect(taken).toBeLessThanOrEqual(26);
    await visits.return();
  });

  test.each([0, -1, 1.5, NaN, "10" as never])("of %s is refused", async (concurrency) => {
    await expect(crawl([], { concurrency }).next()).rejects.toThrow(
      `expected \`concurrency\` to be an integer from 1 and up, got ${concurrency}`,
    );
  });

  test("beyond the limit on open files is refused with what to do, unless there are fewer addresses", async () => {
    const concurrency = openFilesLimit() + 1;
    await expect(crawl(new Set(), { concurrency }).next()).rejects.toThrow(/ulimit -n/);
    expect(await all(crawl([await polite()], { concurrency }))).toHaveLength(1);
  });

  test.each([0, -5, NaN, Infinity, 2 ** 31])("a timeout of %s ms is refused", async (timeoutMs) => {
    await expect(crawl([], { timeoutMs }).next()).rejects.toThrow(/timeoutMs/);
  });
});

describe("the addresses of a crawl", () => {
  test("may come in time", async () => {
    const address = await polite();
    async function* slowly() {
      for (let i = 0; i < 5; i++) {
        await new Promise(setImmediate);
        yield address;
      }
    }
    expect(await all(crawl(slowly(), { concurrency: 2 }))).toHaveLength(5);
  });

  test("may be none", async () => {
    expect(await all(crawl([]))).toEqual([]);
  });

  test("that cannot be got end the crawl with what they threw", async () => {
    const address = await polite();
    async function* broken() {
      yield address;
      await Promise.reject(new Error("no more paper"));
    }
    await expect(all(crawl(broken()))).rejects.toThrow("no more paper");
    function* alsoBroken(): Generator<AddressTuple> {
      throw new Error("no pencil");
    }
    await expect(all(crawl(alsoBroken()))).rejects.toThrow("no pencil");
  });

  test("are told when nobody wants more of them", async () => {
    const address = await polite();
    const left = vi.fn();
    function* endless() {
      try {
        for (;;) yield address;
      } finally {
        left();
      }
    }
    for await (const visit of crawl(endless(), { concurrency: 3 })) {
      if (visit.versionMessage) break;
    }
    expect(left).toHaveBeenCalledOnce();
  });
});

describe("a crawl that is left", () => {
  test("by its signal ends at once, with every socket closed and nothing waiting", async () => {
    const peer = await waiting();
    const controller = new AbortController();
    const crawling = all(
      crawl(repeat(peer.address, 300), { concurrency: 200, timeoutMs: 60_000, signal: controller.signal }),
    );
    await vi.waitFor(() => expect(peer.callers()).toBe(200));
    controller.abort();
    expect(await crawling).toEqual([]);
    expect(peer.sockets).toHaveLength(200);
    await Promise.all(peer.sockets.map((_, i) => peer.gone(i)));
    await vi.waitFor(() => expect(resources()).toBeLessThanOrEqual(before));
  });

  test("by its signal while it grows beyond a thousand, in pauses, has nothing waiting either", async () => {
    const peer = await waiting();
    const controller = new AbortController();
    let taken = 0;
    function* endless() {
      for (;;) {
        if (++taken === 1200) setImmediate(() => controller.abort());
        yield peer.address;
      }
    }
    const options = { concurrency: 5000, timeoutMs: 60_000, signal: controller.signal };
    expect(await all(crawl(endless(), options))).toEqual([]);
    expect(taken).toBeLessThan(1400);
    while (resources() > before) await new Promise(setImmediate); // vi.waitFor has timers of its own
  });

  test("by its signal before it began calls nobody", async () => {
    const peer = await waiting();
    expect(await all(crawl([peer.address], { signal: AbortSignal.abort() }))).toEqual([]);
    expect(peer.sockets).toHaveLength(0);
  });

  test("by its loop closes every socket", async () => {
    const peer = await waiting();
    const quick = await polite();
    for await (const visit of crawl([...repeat(peer.address, 20), quick], { timeoutMs: 60_000 })) {
      expect(visit.address).toBe(quick);
      break;
    }
    await Promise.all(peer.sockets.map((_, i) => peer.gone(i)));
  });

  test("leaves no listener on its signal", async () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, "addEventListener");
    const remove = vi.spyOn(signal, "removeEventListener");
    await all(crawl([await nobody()], { signal }));
    expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(
      add.mock.calls.map(([, listener]) => listener),
    );
  });
});

describe("the time limit of a crawl", () => {
  test("is for connecting and again for answering, and says which it was", async () => {
    const peer = await waiting();
    const [{ error, firstByteAt, connectedAt, endedAt }] = await all(
      crawl([peer.address], { timeoutMs: 50 }),
    );
    expect(error).toMatchObject({ code: "ANSWER_TIMEOUT" });
    expect(firstByteAt).toBeUndefined();
    expect(endedAt - connectedAt!).toBeGreaterThanOrEqual(50);
  });

  test("is no peer's fault when it is this process that is late", async () => {
    // The peers live in this process too: they answer at once, and then the event loop stands still.
    const peers = await Promise.all(
      Array.from({ length: 20 }, () =>
        listen((socket) =>
          socket.once("data", () => {
            socket.end(answer);
            blockFor(20);
          }),
        ),
      ),
    );
    const visits = await all(
      crawl(
        peers.map(({ address }) => address),
        { timeoutMs: 60 },
      ),
    );
    expect(visits.filter(({ error }) => error)).toEqual([]);
  });
});

/** Keeps the event loop from turning. */
function blockFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

test("what a crawl finds is the truth about the practice network", async () => {
  const network = await servePracticeNetwork({ peers: 400, latency: 0 });
  onTestFinished(() => network.close());
  const truth = await network.truth();
  const addresses = nodesToAddressTuples(
    Object.fromEntries(truth.map(({ address }) => [address, []])) as never,
  );
  const visits = await all(crawl(addresses, { concurrency: 100, timeoutMs: 1000 }));
  const found = new Map(visits.map(({ address, error }) => [address, error?.code ?? "version"]));
  expect(addresses.map((address) => found.get(address))).toEqual(truth.map(({ outcome }) => outcome));
  await vi.waitFor(async () => expect((await network.statistics()).open).toBe(0));
});

test("a process with few files left goes on with fewer visits, and says so", async () => {
  const server = net
    .createServer((socket) => socket.once("data", () => socket.end(answer)))
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
       for await (const { versionMessage, error } of crawl(addresses, { concurrency: 16 })) {
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
