/** Several workers on one crawl: who gets what, what the dead leave, what a server can do wrong. */
import {
  collect,
  Connection,
  crawlStatus,
  type CrawlSettings,
  FrontierError,
  type FrontierServer,
  joinCrawl,
  keyPrefix,
  MAX_DEATHS,
  type RedisFrontier,
  takeOver,
  type TodoEntry,
} from "@course/lib/frontier";
import { addressString, type AddressTuple, parseAddress } from "@course/lib/peer";
import { Random } from "@course/lib/util";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasServer, newCrawl, server, visitOf, worker, type WorkerOptions } from "./servers";

const address = (i: number): AddressTuple => ["192.0.2.1", 1 + i];
const addresses = (n: number): AddressTuple[] => Array.from({ length: n }, (_, i) => address(i));

let redis: FrontierServer;
const frontiers: RedisFrontier[] = [];
const connections: Connection[] = [];

beforeAll(async () => void (hasServer && (redis = await server())));
afterEach(async () => {
  await Promise.all(frontiers.splice(0).map((frontier) => frontier.close()));
  connections.splice(0).forEach((connection) => connection.close());
});
afterAll(() => redis?.stop());

function connect(crawl: string, url = redis.url): Connection {
  const connection = new Connection(url, crawl);
  connections.push(connection);
  return connection;
}

async function joined(crawl: string, name: string, options?: WorkerOptions): Promise<RedisFrontier> {
  const frontier = await worker(redis.url, crawl, name, options);
  frontiers.push(frontier);
  return frontier;
}

/** Begins a crawl whose workers speak to the server step by step. */
async function begun(
  seeds: AddressTuple[],
  settings: Partial<CrawlSettings> = {},
): Promise<{ crawl: string; steps: Steps }> {
  const crawl = newCrawl();
  const connection = connect(crawl);
  await joinCrawl(connection, "w", { network: "practice", ...settings }, seeds);
  return { crawl, steps: new Steps(connection) };
}

interface Taken {
  id: string;
  address: string;
  deliveries: number;
}

/** The steps of workers that do nothing by themselves: they renew no lease. */
class Steps {
  constructor(readonly connection: Connection) {}

  /** One exchange: delivers visits of what was taken, adds addresses, and takes up to `room`. */
  async exchange(name: string, room: number, done: Taken[] = [], heard: string[] = []): Promise<Taken[]> {
    const reply = await this.connection.run(
      "exchange",
      name,
      this.connection.runId,
      0,
      room,
      0,
      0,
      done.length,
      ...done.flatMap((one) => ["ip", one.id, one.address, `by ${name}`]),
      ...heard.flatMap((one) => ["ip", one, ""]),
    );
    const fields = reply[2] as (string | number)[];
    const taken: Taken[] = [];
    for (let i = 0; i < fields.length; i += 4) {
      taken.push({
        id: String(fields[i + 1]),
        address: String(fields[i + 2]),
        deliveries: Number(fields[i + 3]),
      });
    }
    return taken;
  }

  /** Lets the lease of a worker run out. */
  async die(name: string): Promise<void> {
    await this.connection.ask(["HSET", `${keyPrefix(this.connection.crawl)}:leases`, name, 0]);
  }

  async results(): Promise<string[]> {
    const entries = await this.connection.ask([
      "XRANGE",
      `${keyPrefix(this.connection.crawl)}:results`,
      "-",
      "+",
    ]);
    return (entries as [string, string[]][]).map(([, [, line]]) => line);
  }
}

async function until(frontier: RedisFrontier, isSo: () => boolean): Promise<void> {
  if (isSo()) return;
  await new Promise<void>((resolve) => frontier.listen(() => isSo() && resolve()));
}

/** Works until the crawl is over. Returns the addresses that this worker called. */
async function work(frontier: RedisFrontier, called: string[] = []): Promise<string[]> {
  const step = (): void => {
    for (let one = frontier.next(); one; one = frontier.next()) {
      called.push(addressString(one));
      frontier.finished(one, visitOf(one));
    }
  };
  step();
  await until(frontier, () => {
    step();
    return frontier.isDone;
  });
  return called;
}

describe.runIf(hasServer)("several workers", () => {
  test("visit each address once, and all learn that the crawl is over", async () => {
    const crawl = newCrawl();
    const first = await joined(crawl, "a", { seeds: addresses(300), concurrency: 20 });
    const others = [
      await joined(crawl, "b", { concurrency: 20 }),
      await joined(crawl, "c", { concurrency: 20 }),
    ];
    const called = await Promise.all([first, ...others].map((one) => work(one)));
    expect(called.flat().sort()).toEqual(addresses(300).map(addressString).sort());
    expect(await crawlStatus(connect(crawl))).toMatchObject({
      state: { isOver: true, done: 300, heardOf: 300, uncollected: 300 },
    });
  });

  test("hear of an address from several peers, and one of them calls it", async () => {
    const { steps } = await begun([address(0)]);
    const heard = ["192.0.2.7:1", "192.0.2.8:1"];
    await steps.exchange("a", 0, [], heard);
    await steps.exchange("b", 0, [], [...heard, "192.0.2.9:1"]);
    const [a, b] = [await steps.exchange("a", 2), await steps.exchange("b", 10)];
    expect([...a, ...b].map((one) => one.address)).toEqual(["192.0.2.1:1", ...heard, "192.0.2.9:1"]);
  });

  test("take over what a dead worker had; its own visit, when it comes after all, counts if it is the first", async () => {
    const { steps } = await begun(addresses(3));
    const had = await steps.exchange("a", 3);
    await steps.die("a");
    const taken = await steps.exchange("b", 2);
    expect(taken).toEqual(had.slice(0, 2).map((one) => ({ ...one, deliveries: 2 })));
    await steps.exchange("b", 0, taken.slice(0, 1));
    await steps.exchange("a", 0, had.slice(0, 2)); // it was only slow
    await steps.exchange("b", 0, taken);
    expect(await steps.results()).toEqual(["by b", "by a"]);
  });

  test("do not take from one that lives, nor twice from one that is dead", async () => {
    const { steps } = await begun(addresses(2));
    await steps.exchange("a", 2);
    expect(await steps.exchange("b", 2)).toEqual([]);
    await steps.die("a");
    expect(await steps.exchange("b", 2)).toHaveLength(2);
    expect(await steps.exchange("c", 2)).toEqual([]);
  });

  test("give up an address after its third death: the next worker reports WORKER_DIED without a call", async () => {
    const { crawl, steps } = await begun([address(0)]);
    for (let death = 1; death <= MAX_DEATHS; death++) {
      expect(await steps.exchange(`victim ${death}`, 1)).toMatchObject([{ deliveries: death }]);
      await steps.die(`victim ${death}`);
    }
    expect(await work(await joined(crawl, "survivor"))).toEqual([]);
    const [line] = await steps.results();
    expect(JSON.parse(line)).toMatchObject({
      address: address(0),
      worker: "survivor",
      error: { code: "WORKER_DIED" },
    });
  });

  test("leave, and what they had goes to the others at once", async () => {
    const crawl = newCrawl();
    const leaving = await joined(crawl, "a", { seeds: addresses(10) });
    await until(leaving, () => leaving.underWay === 10);
    leaving.finished(leaving.next()!, visitOf(address(0)));
    await leaving.close();
    const status = await crawlStatus(connect(crawl));
    expect(status).toMatchObject({ state: { done: 1, waiting: 9, underWay: 0 }, workers: [] });
    expect(await work(await joined(crawl, "b"))).toHaveLength(9);
  });

  test("share a bound on all of them equally", async () => {
    const crawl = newCrawl();
    const settings = { maxUnderWay: 6 };
    const first = await joined(crawl, "a", { seeds: addresses(30), settings, concurrency: 50 });
    await until(first, () => first.underWay === 6);
    const second = await joined(crawl, "b", { settings, concurrency: 50 });
    let most = 0;
    let bySecond = 0;
    const watch = (frontier: RedisFrontier): void => {
      most = Math.max(most, frontier.underWay);
      const one = frontier.next();
      if (one) frontier.finished(one, visitOf(one));
      if (one && frontier === second) bySecond++;
    };
    await Promise.all(
      [first, second].map((one) =>
        until(one, () => {
          watch(one);
          return one.isDone;
        }),
      ),
    );
    expect(most).toBeLessThanOrEqual(6);
    expect(bySecond).toBeGreaterThan(0);
  });

  test("take in no more than the crawl's bounds: in all, and of one /24", async () => {
    const { steps } = await begun([address(0)], { maxAddresses: 4, maxPerGroup: 2 });
    const heard = ["192.0.2.1:1", "192.0.2.1:2", "192.0.2.1:3", "192.0.3.1:1", "192.0.4.1:1", "192.0.5.1:1"];
    const triples = heard.flatMap((one) => ["ip", one, parseAddress(one)[0].replace(/\.\d+$/, ".0")]);
    await steps.connection.run("exchange", "a", steps.connection.runId, 0, 0, 0, 0, 0, ...triples);
    const taken = await steps.exchange("a", 10);
    expect(taken.map((one) => one.address)).toEqual([heard[0], heard[1], heard[3], heard[4]]);
  });

  // What lesson ten lets learners write is held against what Redis runs.
  test("take over as takeOver says", async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = new Random(seed, "histories");
      const { steps } = await begun(addresses(8));
      const names = ["a", "b", "c"];
      const had = new Map<string, TodoEntry>();
      for (let round = 0; round < 4; round++) {
        for (const name of names) {
          for (const one of await steps.exchange(name, random.integer(0, 2))) {
            had.set(one.address, { address: one.address, worker: name, deliveries: one.deliveries });
          }
        }
        await steps.die("a");
        const entries = [...had.values()];
        const now = Date.now();
        const room = 8;
        const { entries: expected, died } = takeOver({ entries, leases: { b: now, c: now } }, "b", room, now);
        const taken = await steps.exchange("b", room);
        const old = taken.filter((one) => one.deliveries > 1);
        const changed = expected.filter((one) => had.get(one.address)!.worker !== one.worker);
        const text = (list: { address: string; deliveries: number }[]) =>
          list.map((one) => `${one.address} ${one.deliveries}`).sort();
        expect(text(old.filter((one) => one.deliveries <= MAX_DEATHS)), `seed ${seed}`).toEqual(
          text(changed),
        );
        const given = old.filter((one) => one.deliveries > MAX_DEATHS);
        expect(given.map((one) => one.address).sort(), `seed ${seed}`).toEqual([...died].sort());
        await steps.exchange("b", 0, given);
        for (const one of taken)
          had.set(one.address, { address: one.address, worker: "b", deliveries: one.deliveries });
        for (const one of died) had.delete(one);
        names.unshift(names.pop()!); // the next to die has something else
        await steps.die("b");
      }
    }
  });
});

describe.runIf(hasServer)("a collector", () => {
  const never = new AbortController().signal;

  test("gets the visits of all workers once, until the crawl is over", async () => {
    const crawl = newCrawl();
    const [a, b] = [await joined(crawl, "a", { seeds: addresses(700) }), await joined(crawl, "b")];
    const lines: string[] = [];
    const collecting = (async () => {
      for await (const batch of collect(connect(crawl), { worker: "a", signal: never }))
        lines.push(...batch.lines);
    })();
    await Promise.all([work(a), work(b), collecting]);
    const ports = lines.map((line) => (JSON.parse(line) as { address: AddressTuple }).address[1]);
    expect(ports.sort((one, other) => one - other)).toEqual(addresses(700).map(([, port]) => port));
    expect((await crawlStatus(connect(crawl))).state.uncollected).toBe(0);
  });

  test("that does not ask for more gets the same visits again: they may not have been written", async () => {
    const { steps, crawl } = await begun(addresses(2));
    await steps.exchange("a", 0, await steps.exchange("a", 2));
    const first = collect(connect(crawl), { worker: "c", signal: never });
    const { value } = await first.next();
    await first.return();
    const second = collect(connect(crawl), { worker: "d", signal: never });
    expect((await second.next()).value).toEqual(value);
    await second.return();
  });

  test("that is slow makes all workers pause, and none is lost", async () => {
    const settings = { maxResults: 5 };
    const { steps } = await begun(addresses(20), settings);
    const taken = await steps.exchange("a", 6);
    await steps.exchange("a", 0, taken);
    expect(await steps.exchange("a", 10)).toEqual([]);
    await steps.connection.run("collect", "c", 10, "");
    expect(await steps.exchange("a", 10)).toEqual([]); // read, and not yet written
    await steps.connection.ask(["XTRIM", `${keyPrefix(steps.connection.crawl)}:results`, "MAXLEN", 0]);
    expect(await steps.exchange("a", 10)).toHaveLength(10);
  });
});

describe.runIf(hasServer)("a crawl cannot be joined", () => {
  async function refusal(work: Promise<unknown>): Promise<{ code?: string; message: string }> {
    return work.then(
      () => ({ message: "joined" }),
      (error: FrontierError) => ({ code: error.code, message: error.message }),
    );
  }

  test("that is not there, without seeds", async () => {
    const answer = await refusal(joinCrawl(connect("nobody's"), "w", { network: "practice" }));
    expect(answer).toMatchObject({ code: "NO_CRAWL", message: expect.stringContaining("no crawl nobody's") });
  });

  test("of another network, version or bound", async () => {
    const { crawl, steps } = await begun([address(0)], { maxUnderWay: 9 });
    const join = (wanted: Partial<CrawlSettings>) =>
      refusal(joinCrawl(connect(crawl), "w", { network: "practice", ...wanted }));
    expect(await join({ network: "live" })).toMatchObject({ code: "OTHER_NETWORK" });
    const bound = {
      code: "OTHER_SETTINGS",
      message: expect.stringContaining("9 instead of 10. Leave out --in-all"),
    };
    expect(await join({ maxUnderWay: 10 })).toMatchObject(bound);
    expect(await join({ maxUnderWay: 9 })).toMatchObject({ message: "joined" });
    await steps.connection.ask(["HSET", `${keyPrefix(crawl)}:settings`, "layout", 99]);
    expect(await join({})).toMatchObject({
      code: "OTHER_VERSION",
      message: expect.stringContaining("use one version on all machines"),
    });
  });

  test("on a server that is not there, or wants another password; and no message has one", async () => {
    const seeds = [address(0)];
    const absent = connect("x", "redis://someone:geheim@127.0.0.1:1/3");
    const unreachable = await refusal(joinCrawl(absent, "w", { network: "practice" }, seeds));
    expect(unreachable).toMatchObject({
      code: "NO_ANSWER",
      message: expect.stringContaining("no Redis server answers at redis://127.0.0.1:1/3"),
    });
    expect(unreachable.message).not.toContain("geheim");
    const own = await server();
    try {
      await connect("x", own.url).ask(["CONFIG", "SET", "requirepass", "richtig"]);
      const wrong = own.url.replace("unix://", "unix://:geheim@x");
      const refused = await refusal(joinCrawl(connect("x", wrong), "w", { network: "practice" }, seeds));
      expect(refused).toMatchObject({ code: "REFUSED", message: expect.stringContaining("WRONGPASS") });
      expect(refused.message).not.toContain("geheim");
      expect(
        await refusal(joinCrawl(connect("x", own.url), "w", { network: "practice" }, seeds)),
      ).toMatchObject({
        code: "REFUSED",
        message: expect.stringContaining("FRONTIER_URL"),
      });
      const right = own.url.replace("unix://", "unix://:richtig@x");
      expect(await refusal(joinCrawl(connect("x", right), "w", { network: "practice" }, seeds))).toEqual({
        message: "joined",
      });
    } finally {
      await own.stop();
    }
  });
});

describe.runIf(hasServer)("a server", () => {
  test("that is full makes workers wait and say so, and nothing is lost", async () => {
    const own = await server();
    try {
      const said: (string | undefined)[] = [];
      const frontier = await worker(own.url, "full", "a", {
        seeds: addresses(50),
        onTrouble: (sentence) => said.push(sentence),
      });
      await until(frontier, () => frontier.underWay > 0);
      const admin = connect("full", own.url);
      await admin.ask(["CONFIG", "SET", "maxmemory", 1]);
      frontier.finished(frontier.next()!, visitOf(address(0)));
      await until(frontier, () => said.length > 0);
      expect(said).toEqual([expect.stringMatching(/takes no more \(OOM .*make room there. Waiting/s)]);
      expect((await crawlStatus(admin)).state).toMatchObject({ done: 0, uncollected: 0 });
      await admin.ask(["CONFIG", "SET", "maxmemory", 0]);
      await work(frontier);
      expect(said[1]).toBeUndefined();
      expect((await crawlStatus(admin)).state).toMatchObject({ isOver: true, done: 50, uncollected: 50 });
      await frontier.close();
    } finally {
      await own.stop();
    }
  });

  test("that is killed and started again goes on with the crawl, also if it has forgotten the last addresses", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "frontier-test-"));
    let own = await server(folder);
    try {
      const frontier = await worker(own.url, "again", "a", { seeds: addresses(40), concurrency: 8 });
      await until(frontier, () => frontier.underWay > 0);
      frontier.add(address(1000));
      await until(frontier, () => frontier.heardOf === 41);
      // As if this had been in the second that was not yet on the disk:
      const admin = connect("again", own.url);
      await admin.ask(["SREM", `${keyPrefix("again")}:seen`, addressString(address(1000))]);
      const last = (await admin.ask([
        "XREVRANGE",
        `${keyPrefix("again")}:todo:ip`,
        "+",
        "-",
        "COUNT",
        1,
      ])) as [[string]];
      await admin.ask(["XDEL", `${keyPrefix("again")}:todo:ip`, last[0][0]]);
      await admin.ask(["CONFIG", "SET", "appendfsync", "always"]);
      await admin.ask(["SET", "written", 1]);
      process.kill(own.pid, "SIGKILL");
      await own.stop();
      own = await server(folder);
      await work(frontier);
      expect((await crawlStatus(connect("again", own.url))).state).toMatchObject({
        isOver: true,
        heardOf: 41,
        done: 41,
      });
      await frontier.close();
    } finally {
      await own.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  test("that stays away makes a worker give up in time, with a sentence", async () => {
    const own = await server();
    const frontier = await worker(own.url, "away", "a", { seeds: addresses(3), giveUpMs: 300 });
    await until(frontier, () => frontier.underWay > 0);
    await own.stop();
    const ended = await new Promise<unknown>((resolve) =>
      frontier.listen(() => {
        try {
          void frontier.isDone;
        } catch (error) {
          resolve(error);
        }
      }),
    );
    expect(ended).toMatchObject({ code: "LOST", message: expect.stringContaining("to join again, repeat") });
    await frontier.close();
  });
});
