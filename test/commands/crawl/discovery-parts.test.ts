/** Decisions of `npm run crawl -- --discover` that can be tested without a process. */
import fs from "node:fs";
import path from "node:path";
import { Frontier } from "@course/lib/discovery";
import type { AddressTuple } from "@course/lib/peer";
import { joinNetwork, type Network } from "@course/lib/practice";
import { version } from "../../../package.json";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  askSeedsOf,
  discoveryJob,
  discoveryLine,
  introductionOf,
  requireFiles,
  seedsSentence,
} from "../../../scripts/crawl/discovery";
import { heardWriter, readHeard } from "../../../scripts/crawl/heard-file";
import { requireFlagsFit } from "../../../scripts/crawl/bounds";
import type { Flags } from "../../../scripts/crawl/options";
import { CrawlStats } from "../../../scripts/crawl/stats";
import { summary } from "../../../scripts/crawl/summary";
import { remove, temporaryFolder } from "../../helpers/course";
import { practiceNetwork } from "../../helpers/practice-network";
import { all } from "../../helpers/visits";
import { answered, failed } from "./made-up";

const FLAGS: Flags = { threads: 1, timeout: 1 };
const ADDRESSES: AddressTuple[] = [
  ["127.0.0.1", 8333],
  ["2001:db8::1", 8333],
];

describe("the addresses that a discovery has heard of, in a file", () => {
  let file: string;
  beforeEach(async () => {
    const folder = await temporaryFolder();
    onTestFinished(() => remove(folder));
    file = path.join(folder, "crawl.jsonl.heard");
  });

  test("addresses that were written are read again", () => {
    const writer = heardWriter(file, 0);
    ADDRESSES.forEach((address) => writer.add(address));
    writer.flush();
    writer.close();
    expect(readHeard(file).addresses).toEqual(ADDRESSES);
  });

  test("a last line that was cut off is left out, and overwritten", () => {
    fs.writeFileSync(file, "127.0.0.1:8333\n127.0");
    const { addresses, wholeBytes } = readHeard(file);
    expect(addresses).toEqual([ADDRESSES[0]]);
    const writer = heardWriter(file, wholeBytes);
    writer.add(ADDRESSES[1]);
    writer.flush();
    writer.close();
    expect(fs.readFileSync(file, "utf8")).toBe("127.0.0.1:8333\n[2001:db8::1]:8333\n");
  });

  test("a line that is no address is named, and safe to print", () => {
    fs.writeFileSync(file, "127.0.0.1:8333\n\u001b[2J\n");
    expect(() => readHeard(file)).toThrow(
      /heard, line 2: expected an address like 1\.2\.3\.4:8333, got "\\x1b\[2J"/,
    );
  });

  test("the file of a crawl of a list has none beside it", () => {
    expect(() => readHeard(file)).toThrow(
      /there is no .*\.heard, which a discovery leaves.*leave out --discover/,
    );
  });
});

test("a discovery calls nobody who is excluded, a seed or not", async () => {
  const practice = await practiceNetwork({
    peers: 30,
    latency: 0,
    behaviours: ["polite-modern", "polite-old"],
  });
  const network = await joinNetwork({ env: {}, practiceUrl: practice.api, log: () => {} });
  const [seed] = await network.resolver!.resolve4(network.seeds[0]);
  const folder = await temporaryFolder();
  onTestFinished(() => remove(folder));
  const exclude = path.join(folder, "exclude.txt");
  fs.writeFileSync(exclude, `${seed}\n127.233.0.0/16 # nobody lives there\n`);
  const { visits } = await discoveryJob({
    network,
    flags: { ...FLAGS, exclude },
    concurrency: 50,
    proxies: {},
    signal: new AbortController().signal,
    lines: undefined,
  });
  const hosts = (await all(visits)).map(({ address: [host] }) => host);
  expect(hosts.length).toBeGreaterThan(20);
  expect(hosts.filter((host) => host === seed || host.startsWith("127.233."))).toEqual([]);
});

test("a discovery says who is calling, as software that reads addrv2, and how to reach its operator", () => {
  expect(introductionOf(undefined)).toMatchObject({
    version: 70016,
    userAgent: `/getting-to-know-each-other:${version}/`,
  });
  expect(introductionOf("me@example.org").userAgent).toBe(
    `/getting-to-know-each-other:${version}(me@example.org)/`,
  );
});

describe("discoveryLine()", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
  afterEach(() => void vi.useRealTimers());

  test("the line of progress shows the frontier, the answers, and the rate of new addresses", () => {
    const frontier = new Frontier();
    const line = discoveryLine(frontier);
    ADDRESSES.forEach((address) => frontier.add(address));
    frontier.next();
    const stats = new CrawlStats(2);
    stats.add(answered("/a/"));
    expect(line(stats)).toBe("1 waiting | 1 under way | 1 done | 1 answered | 2 heard of | 0 new/s");
    vi.advanceTimersByTime(2000);
    expect(line(stats)).toContain("2 heard of | 1 new/s");
    vi.advanceTimersByTime(500);
    frontier.add(["127.0.0.9", 1]);
    expect(line(stats)).toContain("3 heard of | 1 new/s");
    vi.advanceTimersByTime(500);
    expect(line(stats)).toContain("3 heard of | 1 new/s");
    vi.advanceTimersByTime(1000);
    expect(line(stats)).toContain("3 heard of | 0 new/s");
  });

  test("what a resumed discovery has heard of before is not new", () => {
    const frontier = new Frontier();
    ADDRESSES.forEach((address) => frontier.add(address));
    const line = discoveryLine(frontier);
    vi.advanceTimersByTime(2000);
    expect(line(new CrawlStats(2))).toContain("2 heard of | 0 new/s");
  });
});

test("a discovery does not begin with files that it cannot use", async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => remove(folder));
  const json = path.join(folder, "crawl.jsonl");
  expect(() => requireFiles({ ...FLAGS, json })).not.toThrow();
  expect(() => requireFiles({ ...FLAGS, resume: json })).toThrow("there is no");
  fs.writeFileSync(`${json}.heard`, "127.0.0.1:8333\n");
  expect(() => requireFiles({ ...FLAGS, json })).toThrow(/heard exists, and is not overwritten/);
  expect(() => requireFiles({ ...FLAGS, resume: json })).not.toThrow();
  expect(() => requireFiles({ ...FLAGS, exclude: path.join(folder, "none.txt") })).toThrow("cannot be read");
});

test("the sentence on the seeds counts an address once, and says which seeds failed", () => {
  const sentence = seedsSentence([
    { name: "a.test", addresses: ADDRESSES, refused: 0 },
    { name: "b.test", addresses: [ADDRESSES[0]], refused: 3 },
    {
      name: "c\u001b.test",
      addresses: [],
      refused: 0,
      error: Object.assign(new Error("x"), { code: "ENOTFOUND" }),
    },
  ]);
  expect(sentence).toBe(
    "2 of 3 seeds name 2 addresses. b.test: 3 addresses that no node may have. c\\x1b.test: ENOTFOUND.",
  );
});

test("a network without seeds needs --seeds", async () => {
  const network: Network = { name: "given", BITNODES_URL: "", seeds: [] };
  await expect(askSeedsOf(network, FLAGS)).rejects.toThrow(
    /no DNS seeds that are known here: name some with --seeds/,
  );
});

test.each<[string, Partial<Flags>]>([
  ["--seeds", { seeds: ["a.test"] }],
  ["--max-addresses", { maxAddresses: 5 }],
  ["--max-age", { maxAge: 5 }],
  ["--exclude", { exclude: "a.txt" }],
  ["--contact", { contact: "me@example.org" }],
  ["--dry-run", { dryRun: true }],
])("%s without --discover is a wrong call", (name, flags) => {
  expect(() => requireFlagsFit({ ...FLAGS, ...flags })).toThrow(`${name} says how to discover a network`);
  expect(() => requireFlagsFit({ ...FLAGS, ...flags, discover: true })).not.toThrow();
});

test("the summary of a discovery says what came of asking, as shares of those that answered", () => {
  const stats = new CrawlStats(4);
  stats.add({ ...answered("/a/"), gossip: "ANSWERED" });
  stats.add({ ...answered("/a/"), gossip: "ANSWERED" });
  stats.add({ ...answered("/a/"), gossip: "SILENT" });
  stats.add(failed("REFUSED"));
  expect(summary(stats)).toMatch(/│ named others +│ +2 │ 66\.7% │\n│ did not answer +│ +1 │ 33\.3% │/);
});

test("the summary of a discovery says what it has heard of and has not called", () => {
  const stats = new CrawlStats(1);
  stats.add(answered("/a/"));
  expect(summary(stats)).not.toContain("Heard of, and not called");
  stats.elsewhere.set("Tor v3", 1200).set("I2P", 31);
  expect(summary(stats)).toContain("do not lead there: 1,200 in Tor v3, 31 in I2P.");
});
