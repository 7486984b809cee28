/** Lesson eight: each of its patterns is in the practice network for a reader to find, and the numbers that its solved notebook prints are true. */
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
import { joinNetwork, populate, type PracticeNetwork, servePracticeNetwork } from "@course/lib/practice";
import { hostFromBytes, hostToBytes, type VersionMessage } from "@course/lib/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SOLUTIONS } from "../../scripts/notebooks/files";
import { printed } from "../kernel/printed";

const PEERS = 4000;
let network: PracticeNetwork;
let snapshot: Snapshot;
let visits: Visit[];
let answers: VersionMessage[];

beforeAll(async () => {
  network = await servePracticeNetwork({ peers: PEERS, latency: 0 });
  await joinNetwork({ env: { BITNODES_URL: network.api }, log: () => {} });
  snapshot = await getBitnodesApiResponse();
  visits = [];
  const addresses = nodesToAddressTuples(snapshot.nodes);
  for await (const visit of crawl(addresses, { concurrency: 300 })) visits.push(visit);
  answers = visits.flatMap(({ versionMessage }) => versionMessage ?? []);
}, 60_000);
afterAll(() => network.close());

describe("a reader's crawl shows", () => {
  test("a service bit that starts at one release", () => {
    const offers = (release: string) =>
      answers
        .filter(({ userAgent }) => releaseOf(userAgent) === release)
        .map(({ services }) => ((services >> 10n) & 1n) === 1n);
    expect(offers("0.16").length).toBeGreaterThan(1000);
    expect(offers("0.16").every(Boolean)).toBe(true);
    expect(offers("0.14").length).toBeGreaterThan(100);
    expect(offers("0.14").some(Boolean)).toBe(false);
  });

  test("forks frozen at a height, and coins ahead of the tip", () => {
    const far = answers.filter(({ startHeight }) => Math.abs(startHeight - snapshot.latest_height) > 100);
    const heights = countBy(far, ({ startHeight }) => String(startHeight));
    expect(heights.get("530361")).toBeGreaterThan(10);
    expect(heights.get("494782")).toBeGreaterThan(1);
    const at = (height: number) => far.filter(({ startHeight }) => startHeight === height);
    expect(at(530361).every(({ userAgent }) => /Bitcoin ABC|BUCash/.test(userAgent))).toBe(true);
    expect(at(494782).every(({ userAgent }) => userAgent.includes("(2x)"))).toBe(true);
    expect(heightLags(visits, snapshot.latest_height).some((lag) => lag < -10_000)).toBe(true);
  });

  test("nearly everybody within two blocks of the tip, some of them ahead of it", () => {
    const lags = heightLags(visits, snapshot.latest_height);
    expect(lags).toHaveLength(answers.length);
    const near = lags.filter((lag) => Math.abs(lag) <= 2).length / lags.length;
    expect(near).toBeGreaterThan(0.85);
    expect(lags.some((lag) => lag === -1)).toBe(true);
  });

  test("clocks that are right, and more that are an hour off than five minutes either side of it", () => {
    const skews = clockSkews(visits);
    const around = (seconds: number) =>
      skews.filter((skew) => Math.abs(Math.abs(skew) - seconds) <= 5).length;
    expect(around(0)).toBeGreaterThan(0.85 * skews.length);
    expect(around(3600)).toBeGreaterThan(10);
    expect(around(3300) + around(3900)).toBeLessThan(around(3600) / 2);
  });

  test("odd names: remarks, a version that never was, no version at all", () => {
    const names = answers.map(({ userAgent }) => userAgent);
    expect(names.some((name) => /\((?!EB8|bitcore).+\)/.test(name))).toBe(true);
    expect(names.some((name) => releaseOf(name) === "1.14")).toBe(true);
    expect(names.some((name) => name === "pbtc" || name === "/FBI:22.1.2/")).toBe(true);
  });

  test("one node under two spellings, which says the same of itself twice", () => {
    const named = visits.filter(
      ({ address: [host], versionMessage }) => versionMessage && !host.endsWith(".onion"),
    );
    const spelled = countBy(named, ({ address: [host, port] }) => oneSpelling(host, port));
    const twice = [...spelled].filter(([, n]) => n > 1).map(([address]) => address);
    expect(twice.length).toBeGreaterThan(0.02 * answers.length);
    for (const node of twice) {
      const both = named.filter(({ address: [host, port] }) => oneSpelling(host, port) === node);
      expect(new Set(both.map(({ versionMessage }) => versionMessage!.userAgent)).size).toBe(1);
    }
  });
});

const oneSpelling = (host: string, port: number) => addressString([hostFromBytes(hostToBytes(host)), port]);

describe("the snapshot shows", () => {
  test("half of the network with some twenty operators", () => {
    expect(operatorsHoldingHalf(snapshot)).toBeGreaterThanOrEqual(16);
    expect(operatorsHoldingHalf(snapshot)).toBeLessThanOrEqual(24);
  });

  test("Tor since one release, and neighbours of those releases without it", () => {
    const all = Object.entries(snapshot.nodes).map(([key, [, userAgent]]) => [key, userAgent] as const);
    const releases = (tor: boolean) =>
      all
        .filter(([key]) => key.includes(".onion:") === tor)
        .map(([, userAgent]) => releaseOf(userAgent) ?? "");
    const since = RELEASE_DATES["0.21"];
    expect(releases(true).every((release) => (RELEASE_DATES[release] ?? since) >= since)).toBe(true);
    expect(releases(false).filter((release) => RELEASE_DATES[release] >= since).length).toBeGreaterThan(50);
  });

  test("a restart: every sixth node connected in the same minute, long ago", () => {
    const since = Object.values(snapshot.nodes).flatMap((node) => (node[11] === "TOR" ? [] : [node[2]]));
    const oldest = Math.min(...since);
    const inMinute = since.filter((time) => time < oldest + 60).length / since.length;
    expect(Math.abs(inMinute - 1627 / 9537)).toBeLessThan(0.03);
    expect(since.filter((time) => time >= oldest + 60 && time < oldest + 3600).length).toBeLessThan(50);
  });
});

test("two halves of what peers tell give an estimate that is near the truth, below it, and too sure of itself", async () => {
  const { known } = (await (await fetch(network.api)).json()) as { known: number };
  const polite = visits.filter(({ versionMessage }) => versionMessage).slice(0, 40);
  const told = await Promise.all(polite.map(({ address }) => getAddresses(address)));
  const lists = told.map((list) => list.map(({ host, port }) => addressString([host, port])));
  const { estimate, high } = captureRecapture(lists.slice(0, 20).flat(), lists.slice(20).flat());
  expect(estimate).toBeGreaterThan(0.75 * known);
  expect(high).toBeLessThan(known);
}, 20_000);

describe("the solved lesson's numbers", () => {
  const notebook = readNotebook(path.join(SOLUTIONS, "08-a-sea-of-bytes.ipynb"));
  const { peers, onions } = populate(1, 10_000);
  const twice = peers.filter(
    ({ family, hasMappedDuplicate: spelledTwice }) => family === "ipv4" && spelledTwice,
  );
  const listed = [...peers, ...twice];

  /** The numbers of the first line that `cell` prints and `pattern` fits. */
  function numbers(cell: string, pattern: RegExp): number[] {
    const text = printed(notebook.cells.find(({ id }) => id === cell)!);
    const found = pattern.exec(text);
    if (!found) throw new Error(`${cell}: expected ${pattern} in ${text}`);
    return found.slice(1).map((number) => Number(number.replaceAll(",", "")));
  }
  const share = (part: number, whole: number) => Number(((100 * part) / whole).toFixed(1));

  test("of addresses, and of nodes that are listed twice", () => {
    expect(numbers("sea-spellings", /(\d+) addresses, (\d+) nodes: (\d+) are listed twice/)).toEqual([
      listed.length,
      peers.length,
      twice.length,
    ]);
    const [got, of] = numbers("sea-crawl", /(\d+) version messages from (\d+) addresses/);
    expect(of).toBe(listed.length + onions.length);
    expect(got).toBeGreaterThan(0.6 * of);
  });

  test("of operators, in the practice network and in the real one", () => {
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

  test("of nodes without a city, and of the minute of the restart", () => {
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

  test("of answers: shares are those of the peers who answer, give or take chance", () => {
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

  test.each(PLOTS)("stand in plots: %s has a title that fits %s, and its points", (cell, title, points) => {
    const summary = printed(notebook.cells.find(({ id }) => id === cell)!);
    expect(summary).toMatch(title);
    const traces = [...summary.matchAll(/(?:([\w ]+) \()?([\d,]+) points/g)];
    const own = traces.filter(([, name]) => !["coast", "half", "how many there are"].includes(name?.trim()));
    const drawn = own.reduce((sum, [, , count]) => sum + Number(count.replaceAll(",", "")), 0);
    expect(drawn).toBeGreaterThan(1);
    if (points() !== undefined) expect(drawn).toBe(points());
  });
});
