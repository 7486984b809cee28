/** What a server can do wrong during a crawl, and how long that is borne. */
import { collect, crawlStatus, keyPrefix } from "@course/lib/frontier";
import { addressString } from "@course/lib/peer";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { address, addresses, hasServer, server, until, useServer, visitOf, work, worker } from "./servers";

const { connect } = useServer();

describe.runIf(hasServer)("a server", () => {
  test("a server that is full makes workers wait and say so, and nothing is lost", async () => {
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

  test("a server that is killed and started again goes on with the crawl, also if it has forgotten the last addresses", async () => {
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

  test("a server that stays away makes a worker give up in time, with a sentence", async () => {
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

  test("a server that is away when its collector is stopped makes no error of that", async () => {
    const own = await server();
    const frontier = await worker(own.url, "left", "a", { seeds: addresses(3) });
    await work(frontier);
    await frontier.close();
    const stop = new AbortController();
    const options = { worker: "c", signal: stop.signal, onTrouble: () => stop.abort() };
    const visits = collect(connect("left", own.url), options);
    expect((await visits.next()).value).toMatchObject({ lines: { length: 3 } });
    await own.stop();
    expect(await visits.next()).toEqual({ done: true, value: undefined });
  });
});
