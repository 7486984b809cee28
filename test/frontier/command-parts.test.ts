/** What `npm run crawl -- --frontier` says and refuses, without a server. */
import type { CrawlStatus } from "@course/lib/frontier";
import { describe, expect, test } from "vitest";
import { requireFlagsFit } from "../../scripts/crawl/bounds";
import type { Flags } from "../../scripts/crawl/options";
import { sharedCrawl } from "../../scripts/crawl/shared-crawl";
import { sharedLine } from "../../scripts/crawl/shared-line";
import { CrawlStats } from "../../scripts/crawl/stats";
import { statusText } from "../../scripts/crawl/shared-status";

const flags = (given: Partial<Flags>): Flags => ({ threads: 1, timeout: 1, ...given });
const URL = "redis://127.0.0.1:6379";

describe("the flags of a shared crawl", () => {
  test.each<[Partial<Flags>, string]>([
    [{ frontier: URL }, "add --discover"],
    [{ discover: true, crawl: "mine" }, "--crawl is about a shared crawl: add --frontier"],
    [{ discover: true, frontier: URL, dryRun: true }, "--dry-run calls nobody"],
    [{ discover: true, frontier: URL, json: "-", parquet: "x" }, "use --json FILE instead of --json -"],
  ])("a shared crawl with the flags %j is refused with a sentence: %s", (given, sentence) => {
    expect(() => requireFlagsFit(flags(given))).toThrow(sentence);
  });

  test("a password on the command line is refused, and not repeated", async () => {
    const given = { ...flags({ discover: true }), frontier: "redis://:geheim@127.0.0.1:1" };
    const refused = sharedCrawl(given, new AbortController().signal);
    await expect(refused).rejects.toThrow(/FRONTIER_URL/);
    await expect(refused).rejects.not.toThrow(/geheim/);
  });
});

test("the line of progress says why nothing goes on", () => {
  const state = { isOver: false, heardOf: 90, waiting: 8, underWay: 0, done: 82, uncollected: 5, workers: 1 };
  const shown = {
    state: () => state,
    maxResults: 6,
    proxies: { proxy: "a", i2pProxy: "b" },
    collects: false,
  };
  const line = (changed: Partial<Parameters<typeof sharedLine>[0]>) =>
    sharedLine({ ...shown, ...changed })(new CrawlStats(0));
  expect(line({})).toBe("8 waiting | 0 under way | 82 done | 90 heard of | 1 worker | 0 by this one | 0/s");
  expect(line({ maxResults: 5 })).toMatch(/paused: the visits wait for a collector/);
  expect(line({ proxies: { proxy: "a" } })).toMatch(/paused: those that wait need a machine with a proxy/);
  expect(line({ proxies: {}, state: () => ({ ...state, underWay: 1 }) })).not.toContain("paused");
});

test("the status of a crawl says how far it is, how fast, and who has died", () => {
  const at = (done: number): CrawlStatus => ({
    state: { isOver: false, heardOf: 6000, waiting: 4000, underWay: 500, done, uncollected: 12, workers: 2 },
    settings: {
      network: "practice",
      maxAddresses: 1_000_000,
      maxPerGroup: Infinity,
      maxUnderWay: Infinity,
      leaseMs: 5000,
      maxResults: 100_000,
    },
    workers: [
      { name: "here-1", underWay: 300, done: done - 200, leaseLeftMs: 4900 },
      { name: "there-2", underWay: 200, done: 200, leaseLeftMs: -100 },
    ],
    collector: "here-1",
  });
  const text = statusText({ crawl: "mine", shown: URL }, at(1000), at(1500));
  expect(text).toContain(`Crawl mine at ${URL} goes on.`);
  expect(text).toContain(
    "4,000 waiting | 500 under way | 1,500 done | 6,000 heard of | 12 to collect | 500/s",
  );
  expect(text).toMatch(/here-1 .* 1,300 .* 500 .* collects/);
  expect(text).toMatch(/there-2 .* not heard of: others take over/);
});
