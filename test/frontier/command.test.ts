/** `npm run crawl -- --frontier`, as users run it: processes that share a crawl, are stopped, killed, and come back. */
import { setBitnodesUrl } from "@course/lib/bitnodes";
import { readSnapshot } from "@course/lib/data";
import { crawlStatus, type FrontierServer } from "@course/lib/frontier";
import { parseAddress } from "@course/lib/peer";
import { type PracticeNetwork, rangeOf, servePracticeNetwork } from "@course/lib/practice";
import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { requireSamePractice } from "../../scripts/crawl/addresses";
import { type Command, remove, script, temporaryFolder } from "../helpers/course";
import { until } from "../helpers/gone";
import { PROGRAM } from "../helpers/limits";
import { hasServer, server, useServer } from "./servers";

const { connect } = useServer();

let network: PracticeNetwork;
let redis: FrontierServer;
let folder: string;
beforeAll(async () => {
  if (!hasServer) return;
  network = await servePracticeNetwork({
    peers: 150,
    latency: 0,
    behaviours: ["polite-modern", "polite-old", "refusing"],
  });
  [redis, folder] = [await server(), await temporaryFolder()];
}, PROGRAM);
afterAll(async () => {
  if (hasServer) await Promise.all([network.close(), redis.stop(), remove(folder)]);
});

const inFolder = (name: string): string => path.join(folder, name);

function crawl(...args: string[]): Command {
  const shared = ["--discover", "--no-proxy", "--timeout", "60", "--frontier", redis.url];
  const command = script("crawl", [...shared, ...args], { BITNODES_URL: network.api });
  onTestFinished(() => void command.child.kill("SIGKILL"));
  return command;
}

describe.runIf(hasServer)("processes that share a crawl", () => {
  // Only Linux has ranges of addresses for practice networks.
  test.runIf(process.platform === "linux")(
    "processes that share a crawl do not call another practice network's addresses",
    async () => {
      setBitnodesUrl(network.api);
      const [own] = (await network.truth()).map(({ address }) => parseAddress(address)).filter(rangeOf);
      await requireSamePractice([["::1", 8333], own]);
      await expect(requireSamePractice([["127.232.0.1", 8333]])).rejects.toThrow(
        /is one of a practice network at 127\.232\.0\.0, and the one that is running is at 127\.\d+\.0\.0: stop that one/,
      );
    },
  );

  test(
    "processes that share a crawl stop at Ctrl-C, are killed, and come back: the list has every node that answers, and each visit is there once",
    async () => {
      const slowly = ["--concurrency", "2"];
      const list = ["--parquet", inFolder("nodes.parquet"), "--snapshot", inFolder("nodes.json")];
      const collector = crawl(...slowly, ...list);
      await collector.says(/begun; /);
      const leaving = crawl("--concurrency", "2");
      const workers = async () => (await crawlStatus(connect("practice", redis.url))).workers;
      await leaving.says(/joined; /);
      await until(async () => (await workers()).length === 2, 20);
      await leaving.interrupt();
      expect(await leaving.exitCode()).toBe(130);
      expect(leaving.output).toMatch(/Other machines go on; to join again: npm run crawl -- .*--discover/);
      expect(await workers()).toHaveLength(1); // what it had is given back

      await untilCollected();
      collector.child.kill("SIGKILL");
      await collector.exitCode();
      const second = crawl("--concurrency", "50", ...list);
      await second.says(/nodes\.parquet\.practice-\d+\.jsonl has \d+ addresses already/);
      expect(await second.exitCode()).toBe(0);
      expect(second.output).toContain(`${inFolder("nodes.parquet")} lists the`);

      const truth = await network.truth();
      const answering = truth.filter(({ outcome }) => outcome === "version").map(({ address }) => address);
      const listed = Object.keys(readSnapshot(inFolder("nodes.json")).nodes);
      expect(listed.sort()).toEqual([...new Set(answering)].sort());
      expect(fs.readdirSync(folder).sort()).toEqual(["nodes.json", "nodes.parquet"]);
      const { state } = await crawlStatus(connect("practice", redis.url));
      expect(state).toMatchObject({ isOver: true, uncollected: 0, done: state.heardOf });

      const late = crawl("--json", inFolder("late.jsonl"));
      expect(await late.exitCode()).toBe(0);
      expect(late.output).toContain("of these visits were collected before, into another file.");
      const forgetting = crawl("--forget");
      expect(await forgetting.exitCode()).toBe(0);
      expect(forgetting.output).toContain("Deleted crawl practice at unix://");
    },
    PROGRAM,
  );
});

/** Resolves when a collector has written some visits. */
async function untilCollected(): Promise<void> {
  await until(() => {
    const file = fs.readdirSync(folder).find((name) => name.endsWith(".jsonl"));
    return file !== undefined && fs.statSync(inFolder(file)).size > 0;
  }, 20);
}
