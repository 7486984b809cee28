/** `npm run crawl` through proxies: which it uses, and what it says when one is not there. */
import type { Network } from "@course/lib/practice";
import { expect, onTestFinished, test } from "vitest";
import { proxiesFor, requireFlagsFit } from "../../../scripts/crawl/bounds";
import { resumeCommand } from "../../../scripts/crawl/next-command";
import { type Flags, program } from "../../../scripts/crawl/options";
import { CrawlStats } from "../../../scripts/crawl/stats";
import { summary } from "../../../scripts/crawl/summary";
import { script } from "../../helpers/course";
import { nobody } from "../../helpers/loopback";
import { practiceNetwork } from "../../helpers/practice-network";
import { answered } from "./made-up";

const OWN = { proxy: "socks5://127.0.0.1:1", i2pProxy: "socks5://127.0.0.1:2" };
const PRACTICE: Network = { name: "practice", BITNODES_URL: "http://127.0.0.1:3/", seeds: [], ...OWN };
const LIVE: Network = { name: "live", BITNODES_URL: "https://example.com/", seeds: [] };
const TOR = "socks5://127.0.0.1:9050";

const used = (network: Network, flags: Partial<Flags>) => {
  const { proxy, i2pProxy } = proxiesFor(network, { threads: 1, timeout: 1, ...flags });
  return { proxy, i2pProxy };
};
const NONE = { proxy: undefined, i2pProxy: undefined };

test.each<[string, Network, Partial<Flags>, object]>([
  ["a crawl of the list uses no proxy", PRACTICE, {}, NONE],
  [
    "a crawl of the list uses the practice network's proxies if it is to",
    PRACTICE,
    { proxy: "practice" },
    OWN,
  ],
  ["a discovery on the practice network uses the network's own", PRACTICE, { discover: true }, OWN],
  [
    "a discovery on the practice network uses no proxy if it is not to",
    PRACTICE,
    { discover: true, proxy: false },
    NONE,
  ],
  [
    "a discovery on the practice network uses another proxy that is given",
    PRACTICE,
    { discover: true, proxy: TOR },
    { proxy: TOR, i2pProxy: undefined },
  ],
  [
    "a crawl of the list uses the network's own proxy for one of both",
    PRACTICE,
    { i2pProxy: "practice" },
    { ...OWN, proxy: undefined },
  ],
  [
    "a discovery uses another proxy for Tor, and the network's own for I2P",
    PRACTICE,
    { discover: true, proxy: TOR, i2pProxy: "practice" },
    { ...OWN, proxy: TOR },
  ],
  ["a discovery of the live network uses no proxy", LIVE, { discover: true }, NONE],
  [
    "a discovery of the live network uses the proxy that is given",
    LIVE,
    { discover: true, proxy: TOR },
    { proxy: TOR, i2pProxy: undefined },
  ],
])("%s", (_, network, flags, expected) => expect(used(network, flags)).toEqual(expected));

test("the practice network's proxies bear more nodes at a time; --proxy-concurrency and --proxy-timeout change that", () => {
  const bounds = (network: Network, flags: Partial<Flags>) => {
    const { proxyConcurrency, i2pProxyConcurrency, proxyTimeoutMs } = proxiesFor(network, {
      threads: 1,
      timeout: 1,
      ...flags,
    });
    return [proxyConcurrency, i2pProxyConcurrency, proxyTimeoutMs];
  };
  expect(bounds(PRACTICE, { discover: true })).toEqual([1000, 1000, undefined]);
  expect(bounds(PRACTICE, { proxy: TOR, i2pProxy: "practice" })).toEqual([undefined, 1000, undefined]);
  expect(bounds(LIVE, { proxy: TOR })).toEqual([undefined, undefined, undefined]);
  expect(bounds(LIVE, { proxy: TOR, proxyConcurrency: 7, proxyTimeout: 2.5 })).toEqual([7, 7, 2500]);
});

test.each([
  [{ proxy: "practice" }, "--proxy practice"],
  [{ proxy: TOR, i2pProxy: "practice" }, "--i2p-proxy practice"],
])("%o is a wrong call where there is no practice network", (flags, named) => {
  expect(() => proxiesFor(LIVE, { threads: 1, timeout: 1, ...flags })).toThrow(
    `${named}: the network that you have joined has no proxies of its own`,
  );
});

test("--no-proxy and --i2p-proxy contradict each other", () => {
  expect(() => requireFlagsFit({ threads: 1, timeout: 1, proxy: TOR, i2pProxy: TOR })).not.toThrow();
  expect(() => requireFlagsFit({ threads: 1, timeout: 1, proxy: false, i2pProxy: TOR })).toThrow(
    "--no-proxy calls no node on I2P, and needs no --i2p-proxy: leave out one of them",
  );
});

test.each([
  [["--proxy", TOR, "--discover"], "--discover --proxy socks5://127.0.0.1:9050"],
  [["--no-proxy", "--discover"], "--discover --no-proxy"],
  [["--discover"], "--discover"],
])("the command to go on has the proxies of %o", (args, words) => {
  onTestFinished(() => {
    for (const option of program.options) program.setOptionValue(option.attributeName(), undefined);
  });
  program.parse(["node", "crawl", ...args]);
  expect(resumeCommand("a.jsonl").split("a.jsonl ")[1].split(" ").sort()).toEqual(words.split(" ").sort());
});

test("the summary says how many of those that answered are behind Tor and on I2P", () => {
  const stats = new CrawlStats(3);
  for (const host of ["127.0.0.1", "a.onion", "b.b32.i2p"]) stats.add(answered("/x/", host));
  expect(summary(stats)).toMatch(/of these behind Tor +│ +1 │/);
  expect(summary(stats)).toMatch(/of these on I2P +│ +1 │/);
});

test("a proxy that is not there, and one that is none, are one sentence each, and nobody is called", async () => {
  const network = await practiceNetwork({ peers: 20, latency: 0 });
  const crawl = (...args: string[]) => script("crawl", args, { BITNODES_URL: network.api });
  const missing = crawl("--proxy", `socks5://${(await nobody()).join(":")}`);
  expect(await missing.exitCode()).toBe(1);
  expect(missing.output).toMatch(/the proxy at 127\.0\.0\.1:\d+: no proxy listens .*start it/);
  const http = crawl("--i2p-proxy", `socks5://${new URL(network.api).host}`);
  expect(await http.exitCode()).toBe(1);
  expect(http.output).toMatch(/does not speak SOCKS5|closed the connection/);
  expect((await network.statistics()).connections).toBe(0);
  const wrong = crawl("--proxy", "http://127.0.0.1:9050");
  expect(await wrong.exitCode()).toBe(2);
  expect(wrong.output).toMatch(/Expected a proxy like socks5:\/\/127\.0\.0\.1:9050/);
});
