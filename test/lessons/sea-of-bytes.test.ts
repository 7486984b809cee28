/**
 * Lesson eight: each pattern that readers look for is in the practice network, and the numbers that the
 * solved notebook prints are true.
 */
import path from "node:path";
import {
  getBitnodesApiResponse,
  type NodeDetails,
  nodesToAddressTuples,
  type Snapshot,
} from "@course/lib/bitnodes";
import { crawl } from "@course/lib/crawl";
import {
  captureRecapture,
  clockSkews,
  countBy,
  heightLags,
  operatorsHoldingHalf,
  RELEASE_DATES,
  releaseOf,
} from "@course/lib/data";
import { readNotebook } from "@course/lib/notebook";
import { addressString, getAddresses, type Visit } from "@course/lib/peer";
import { joinNetwork, populate } from "@course/lib/practice";
import { hostFromBytes, hostToBytes, type VersionMessage } from "@course/lib/wire";
import { beforeAll, describe, expect, test } from "vitest";
import { SOLUTIONS } from "../../scripts/notebooks/files";
import { usePracticeNetwork } from "../helpers/practice-network";
import { PROGRAM } from "../helpers/limits";
import { printed } from "../kernel/printed";

const PEERS = 4000;
const network = usePracticeNetwork({ peers: PEERS, latency: 0 });
let snapshot: Snapshot;
let visits: Visit[];
let answers: VersionMessage[];

beforeAll(async () => {
  await joinNetwork({ env: { BITNODES_URL: network().api }, log: () => {} });
  snapshot = await getBitnodesApiResponse();
  visits = [];
  const addresses = nodesToAddressTuples(snapshot.nodes);
  for await (const visit of crawl(addresses, { concurrency: 300 })) visits.push(visit);
  answers = visits.flatMap(({ versionMessage }) => versionMessage ?? []);
}, PROGRAM);

describe("a crawl of the practice network", () => {
  test("a crawl shows that NODE_NETWORK_LIMITED (bit 10) starts with 0.16", () => {
    const offers = (release: string) =>
      answers
        .filter(({ userAgent }) => releaseOf(userAgent) === release)
        .map(({ services }) => ((services >> 10n) & 1n) === 1n);
    expect(offers("0.16").length).toBeGreaterThan(1000);
    expect(offers("0.16").every(Boolean)).toBe(true);
    expect(offers("0.14").length).toBeGreaterThan(100);
    expect(offers("0.14").some(Boolean)).toBe(false);
  });

  test("a crawl shows forks that are frozen at a height, and coins ahead of the tip", () => {
    const far = answers.filter(({ startHeight }) => Math.abs(startHeight - snapshot.latest_height) > 100);
    const heights = countBy(far, ({ startHeight }) => String(startHeight));
    expect(heights.get("530361")).toBeGreaterThan(10);
    expect(heights.get("494782")).toBeGreaterThan(1);
    const at = (height: number) => far.filter(({ startHeight }) => startHeight === height);
    expect(at(530361).every(({ userAgent }) => /Bitcoin ABC|BUCash/.test(userAgent))).toBe(true);
    expect(at(494782).every(({ userAgent }) => userAgent.includes("(2x)"))).toBe(true);
    expect(heightLags(visits, snapshot.latest_height).some((lag) => lag < -10_000)).toBe(true);
  });

  test("a crawl shows more than 85% of the peers within two blocks of the tip, some ahead of it", () => {
    const lags = heightLags(visits, snapshot.latest_height);
    expect(lags).toHaveLength(answers.length);
    const near = lags.filter((lag) => Math.abs(lag) <= 2).length / lags.length;
    expect(near).toBeGreaterThan(0.85);
    expect(lags.some((lag) => lag === -1)).toBe(true);
  });

  test("a crawl shows that most clocks are right, and more are wrong by an hour than by 55 or 65 minutes", () => {
    const skews = clockSkews(visits);
    const around = (seconds: number) =>
      skews.filter((skew) => Math.abs(Math.abs(skew) - seconds) <= 5).length;
    expect(around(0)).toBeGreaterThan(0.85 * skews.length);
    expect(around(3600)).toBeGreaterThan(10);
    expect(around(3300) + around(3900)).toBeLessThan(around(3600) / 2);
  });

  test("a crawl shows odd user agents: comments, a release that does not exist, no release", () => {
    const names = answers.map(({ userAgent }) => userAgent);
    expect(names.some((name) => /\((?!EB8|bitcore).+\)/.test(name))).toBe(true);
    expect(names.some((name) => releaseOf(name) === "1.14")).toBe(true);
    expect(names.some((name) => name === "pbtc" || name === "/FBI:22.1.2/")).toBe(true);
  });

  test("a crawl shows nodes with two addresses, which give the same user agent at both", () => {
    const answered = visits.filter(
      ({ address: [host], versionMessage }) => versionMessage && !host.endsWith(".onion"),
    );
    const nodes = countBy(answered, ({ address: [host, port] }) => canonicalAddress(host, port));
    const twice = [...nodes].filter(([, n]) => n > 1).map(([address]) => address);
    expect(twice.length).toBeGreaterThan(0.02 * answers.length);
    for (const node of twice) {
      const both = answered.filter(({ address: [host, port] }) => canonicalAddress(host, port) === node);
      expect(new Set(both.map(({ versionMessage }) => versionMessage!.userAgent)).size).toBe(1);
    }
  });
});

const canonicalAddress = (host: string, port: number) =>
  addressString([hostFromBytes(hostToBytes(host)), port]);

describe("a snapshot of the practice network", () => {
  test("a snapshot shows 16 to 24 operators with half of the network", () => {
    expect(operatorsHoldingHalf(snapshot)).toBeGreaterThanOrEqual(16);
    expect(operatorsHoldingHalf(snapshot)).toBeLessThanOrEqual(24);
  });

  test("a snapshot shows nodes behind Tor from 0.21 on, and clearnet nodes of the same releases", () => {
    const all = Object.entries(snapshot.nodes).map(([key, [, userAgent]]) => [key, userAgent] as const);
    const releases = (tor: boolean) =>
      all
        .filter(([key]) => key.includes(".onion:") === tor)
        .map(([, userAgent]) => releaseOf(userAgent) ?? "");
    const since = RELEASE_DATES["0.21"];
    expect(releases(true).every((release) => (RELEASE_DATES[release] ?? since) >= since)).toBe(true);
    expect(releases(false).filter((release) => RELEASE_DATES[release] >= since).length).toBeGreaterThan(50);
  });

  test("a snapshot shows the restart: a sixth of the nodes connected in the oldest minute", () => {
    const since = Object.values(snapshot.nodes).flatMap((node) => (node[11] === "TOR" ? [] : [node[2]!]));
    const oldest = Math.min(...since);
    const inMinute = since.filter((time) => time < oldest + 60).length / since.length;
    expect(Math.abs(inMinute - 1627 / 9537)).toBeLessThan(0.03);
    expect(since.filter((time) => time >= oldest + 60 && time < oldest + 3600).length).toBeLessThan(50);
  });
});

test("captureRecapture() of two halves of the getaddr answers is at least 75% of the true number, and its interval is too low", async () => {
  const { known } = (await (await fetch(network().api)).json()) as { known: number };
  const polite = visits.filter(({ versionMessage }) => versionMessage).slice(0, 40);
  const received = await Promise.all(polite.map(({ address }) => getAddresses(address, 60_000)));
  const lists = received.map((list) => list.map(({ host, port }) => addressString([host, port])));
  const { estimate, high } = captureRecapture(lists.slice(0, 20).flat(), lists.slice(20).flat());
  expect(estimate).toBeGreaterThan(0.75 * known);
  expect(high).toBeLessThan(known);
});

describe("the solved lesson's numbers", () => {
  const notebook = readNotebook(path.join(SOLUTIONS, "08-a-sea-of-bytes.ipynb"));
  const { peers, overlay: onions } = populate(1, 10_000);
  const duplicates = peers.filter(
    ({ family, hasMappedDuplicate }) => family === "ipv4" && hasMappedDuplicate,
  );
  const listed = [...peers, ...duplicates];

  /** Returns the numbers in the first match of `pattern` in what `cell` prints. */
  function numbers(cell: string, pattern: RegExp): number[] {
    const text = printed(notebook.cells.find(({ id }) => id === cell)!);
    const found = pattern.exec(text);
    if (!found) throw new Error(`${cell}: expected ${pattern} in ${text}`);
    return found.slice(1).map((number) => Number(number.replaceAll(",", "")));
  }
  const share = (part: number, whole: number) => Number(((100 * part) / whole).toFixed(1));

  test("the solved lesson counts addresses and nodes that are listed twice as populate() does", () => {
    expect(numbers("sea-spellings", /(\d+) addresses, (\d+) nodes: (\d+) are listed twice/)).toEqual([
      listed.length,
      peers.length,
      duplicates.length,
    ]);
    const [got, of] = numbers("sea-crawl", /(\d+) version messages from (\d+) addresses/);
    expect(of).toBe(listed.length + onions.length);
    expect(got).toBeGreaterThan(0.6 * of);
  });

  test("the solved lesson counts the operators with half of the nodes, practice and real, as the library does", () => {
    const entries = listed.map(({ listing: { asn } }, i): [string, NodeDetails] => [
      `node ${i}`,
      [0, "", 0, 0, 0, null, null, null, null, null, null, asn, null],
    ]);
    const made = { timestamp: 0, total_nodes: 0, latest_height: 0, nodes: Object.fromEntries(entries) };
    const asns = new Set(listed.flatMap(({ listing: { asn } }) => asn ?? []));
    expect(numbers("sea-half-plot", /(\d+) of (\d+) operators hold half/)).toEqual([
      operatorsHoldingHalf(made),
      asns.size,
    ]);
    expect(numbers("sea-half-real", /(\d+) operators held half of (\d+) real nodes/)).toEqual([
      20,
      9537 - 71,
    ]);
  });

  test("the solved lesson counts nodes without a city and in the minute of the restart as populate() does", () => {
    const inCountry = listed.filter(({ listing: { country } }) => country !== null);
    const noCity = inCountry.filter(({ listing: { city } }) => city === null);
    expect(numbers("sea-places", /(\d+\.\d)% of the nodes have a country and no city/)).toEqual([
      share(noCity.length, inCountry.length),
    ]);
    const ages = listed.map(({ listing: { connectedSeconds } }) => connectedSeconds);
    const oldest = Math.max(...ages);
    expect(numbers("sea-minutes", /│ +0 │ +([\d,]+) │/)).toEqual([
      ages.filter((age) => age > oldest - 60).length,
    ]);
  });

  test("the solved lesson prints shares of answers within 1.5 points of the polite peers' shares", () => {
    const polite = listed.filter(({ behaviour }) => behaviour.startsWith("polite"));
    const close = (found: number, expected: number) => expect(Math.abs(found - expected)).toBeLessThan(1.5);
    const right = polite.filter(({ versionInfo: { clockSkewSeconds } }) => Math.abs(clockSkewSeconds) <= 1);
    close(numbers("sea-skews-count", /([\d.]+)% are right/)[0], share(right.length, polite.length));
    const near = polite.filter(({ versionInfo: { startHeight } }) => Math.abs(startHeight - 535_517) <= 2);
    close(numbers("sea-lags-plot", /([\d.]+)% are within two blocks/)[0], share(near.length, polite.length));
  });

  const PLOTS: [cell: string, title: RegExp, points: () => number | undefined][] = [
    ["sea-outcome", /What came of calling/, () => undefined],
    ["sea-agents", /user agents/, () => 15],
    ["sea-age", /How old/, () => undefined],
    ["sea-bits-plot", /offer a service/, () => undefined],
    ["sea-lags-plot", /behind the tip/, () => 8],
    ["sea-frozen", /Far from the tip/, () => undefined],
    ["sea-skews-plot", /clocks/, () => undefined],
    ["sea-countries", /twenty countries/, () => 20],
    ["sea-world", /Where nodes/, () => places.size],
    ["sea-half-curve", /operators/, () => operators.size],
    ["sea-since", /Since when/, () => undefined],
    ["sea-tor", /release and network/, () => 24],
    ["sea-waits", /How long/, () => 12],
    ["sea-unseen-plot", /gossip/, () => 5],
  ];
  const inCountries = listed.filter(({ listing: { country } }) => country !== null);
  const places = new Set(
    inCountries.map(({ listing: { latitude, longitude } }) => `${latitude}/${longitude}`),
  );
  const operators = new Set(listed.flatMap(({ listing: { asn } }) => asn ?? []));

  test.each(PLOTS)(
    "the plot of cell %s in the solved lesson has a title like %s, and its points",
    (cell, title, points) => {
      const summary = printed(notebook.cells.find(({ id }) => id === cell)!);
      expect(summary).toMatch(title);
      const traces = [...summary.matchAll(/(?:([\w ]+) \()?([\d,]+) points/g)];
      const own = traces.filter(
        ([, name]) => !["coast", "half", "how many there are"].includes(name?.trim()),
      );
      const drawn = own.reduce((sum, [, , count]) => sum + Number(count.replaceAll(",", "")), 0);
      expect(drawn).toBeGreaterThan(1);
      if (points() !== undefined) expect(drawn).toBe(points());
    },
  );
});
