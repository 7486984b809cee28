/** Several workers on one crawl: who gets what, what the dead leave, and who collects. */
import {
  collect,
  crawlStatus,
  keyPrefix,
  MAX_DEATHS,
  type RedisFrontier,
  takeOver,
  type TodoEntry,
} from "@course/lib/frontier";
import { addressString, type AddressTuple, parseAddress } from "@course/lib/peer";
import { Random } from "@course/lib/util";
import { describe, expect, test } from "vitest";
import { address, addresses, hasServer, newCrawl, until, useServer, visitOf, work } from "./servers";
import { begun } from "./steps";

const { connect, joined } = useServer();

describe.runIf(hasServer)("several workers", () => {
  test("several workers visit each address once, and all learn that the crawl is over", async () => {
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

  test("several workers hear of an address from several peers, and one of them calls it", async () => {
    const steps = await begun(connect(newCrawl()), [address(0)]);
    const heard = ["192.0.2.7:1", "192.0.2.8:1"];
    await steps.exchange("a", 0, [], heard);
    await steps.exchange("b", 0, [], [...heard, "192.0.2.9:1"]);
    const [a, b] = [await steps.exchange("a", 2), await steps.exchange("b", 10)];
    expect([...a, ...b].map((one) => one.address)).toEqual(["192.0.2.1:1", ...heard, "192.0.2.9:1"]);
  });

  test("workers take over what a dead worker had; its own visit, when it comes after all, counts if it is the first", async () => {
    const steps = await begun(connect(newCrawl()), addresses(3));
    const had = await steps.exchange("a", 3);
    await steps.die("a");
    const taken = await steps.exchange("b", 2);
    expect(taken).toEqual(had.slice(0, 2).map((one) => ({ ...one, deliveries: 2 })));
    await steps.exchange("b", 0, taken.slice(0, 1));
    await steps.exchange("a", 0, had.slice(0, 2)); // it was only slow
    await steps.exchange("b", 0, taken);
    expect(await steps.results()).toEqual(["by b", "by a"]);
  });

  test("workers do not take from a worker that lives, nor twice from one that is dead", async () => {
    const steps = await begun(connect(newCrawl()), addresses(2));
    await steps.exchange("a", 2);
    expect(await steps.exchange("b", 2)).toEqual([]);
    await steps.die("a");
    expect(await steps.exchange("b", 2)).toHaveLength(2);
    expect(await steps.exchange("c", 2)).toEqual([]);
  });

  test("workers give up an address after its third death: the next one reports WORKER_DIED without a call", async () => {
    const crawl = newCrawl();
    const steps = await begun(connect(crawl), [address(0)]);
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

  test("what a worker had that leaves goes to the others at once", async () => {
    const crawl = newCrawl();
    const leaving = await joined(crawl, "a", { seeds: addresses(10) });
    await until(leaving, () => leaving.underWay === 10);
    leaving.finished(leaving.next()!, visitOf(address(0)));
    await leaving.close();
    const status = await crawlStatus(connect(crawl));
    expect(status).toMatchObject({ state: { done: 1, waiting: 9, underWay: 0 }, workers: [] });
    expect(await work(await joined(crawl, "b"))).toHaveLength(9);
  });

  test("workers share a bound on all of them equally", async () => {
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

  test("workers take in no more than the crawl's bounds: in all, and of one /24", async () => {
    const steps = await begun(connect(newCrawl()), [address(0)], { maxAddresses: 4, maxPerGroup: 2 });
    const heard = ["192.0.2.1:1", "192.0.2.1:2", "192.0.2.1:3", "192.0.3.1:1", "192.0.4.1:1", "192.0.5.1:1"];
    const triples = heard.flatMap((one) => ["ip", one, parseAddress(one)[0].replace(/\.\d+$/, ".0")]);
    await steps.connection.run("exchange", "a", steps.connection.runId, 0, 0, 0, 0, 0, ...triples);
    const taken = await steps.exchange("a", 10);
    expect(taken.map((one) => one.address)).toEqual([heard[0], heard[1], heard[3], heard[4]]);
  });

  // What lesson ten lets learners write is held against what Redis runs.
  test("workers take over as takeOver() says", async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = new Random(seed, "histories");
      const steps = await begun(connect(newCrawl()), addresses(8));
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

  test("a collector gets the visits of all workers once, until the crawl is over", async () => {
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

  test("a collector that does not ask for more gets the same visits again: they may not have been written", async () => {
    const crawl = newCrawl();
    const steps = await begun(connect(crawl), addresses(2));
    await steps.exchange("a", 0, await steps.exchange("a", 2));
    const first = collect(connect(crawl), { worker: "c", signal: never });
    const { value } = await first.next();
    await first.return();
    const second = collect(connect(crawl), { worker: "d", signal: never });
    expect((await second.next()).value).toEqual(value);
    await second.return();
  });

  test("a collector that has died is replaced when its lease has run out, which is the crawl's; one that lives is not", async () => {
    const steps = await begun(connect(newCrawl()), addresses(1), { leaseMs: 2000 });
    await steps.connection.run("collect", "dead", 1, "");
    const next = collect(connect(steps.connection.crawl), { worker: "next", signal: never });
    await next.next();
    const third = collect(connect(steps.connection.crawl), { worker: "third", signal: never });
    const refused = expect(third.next()).rejects.toMatchObject({ code: "OTHER_COLLECTOR" });
    const working = (async () => {
      for await (const _ of next); // renews its lease
    })();
    await refused;
    await steps.exchange("a", 0, await steps.exchange("a", 1)); // then the crawl is over
    await working;
  });

  test("a collector that is slow makes all workers pause, and no visit is lost", async () => {
    const settings = { maxResults: 5 };
    const steps = await begun(connect(newCrawl()), addresses(20), settings);
    const taken = await steps.exchange("a", 6);
    await steps.exchange("a", 0, taken);
    expect(await steps.exchange("a", 10)).toEqual([]);
    await steps.connection.run("collect", "c", 10, "");
    expect(await steps.exchange("a", 10)).toEqual([]); // read, and not yet written
    await steps.connection.ask(["XTRIM", `${keyPrefix(steps.connection.crawl)}:results`, "MAXLEN", 0]);
    expect(await steps.exchange("a", 10)).toHaveLength(10);
  });
});
