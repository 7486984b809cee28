/** A crawl without a list: `npm run crawl -- --discover`. */
import { ASKING_VERSION_MESSAGE, type ProxyOptions } from "@course/lib/crawl";
import type { VisitLines } from "@course/lib/data";
import {
  type AddressFrontier,
  askSeeds,
  type CallRule,
  discover,
  type DiscoverOptions,
  isOnLoopback,
  isPublic,
  LanedFrontier,
  orThroughProxy,
  type SeedAnswer,
} from "@course/lib/discovery";
import { addressString, type AddressTuple } from "@course/lib/peer";
import type { Network } from "@course/lib/practice";
import { formatCount, UsageError } from "@course/lib/util";
import { ADDRESS_NETWORKS, printable, VersionMessage } from "@course/lib/wire";
import fs from "node:fs";
import { version } from "../../package.json";
import { readExclusion } from "./exclude";
import { heardFileOf, heardWriter, type HeardWriter, noHeardWriter, readHeard } from "./heard-file";
import type { Job, JobRequest } from "./job";
import { type Flags, STDOUT } from "./options";
import { visitsByNode } from "./plan";
import type { StatusLine } from "./progress";
import { CrawlStats, increment } from "./stats";

const SECONDS_A_DAY = 86_400;

/** No seed has named an address that may be called. */
export class NoSeeds extends Error {
  override readonly name = "NoSeeds";
}

/**
 * Checks the files of a discovery, before a network is started for it.
 *
 * @throws UsageError if one of them cannot be used.
 */
export function requireFiles({ json, resume, exclude }: Flags): void {
  if (exclude !== undefined) readExclusion(exclude);
  if (resume !== undefined) readHeard(heardFileOf(resume));
  if (json !== undefined && json !== STDOUT) requireNoHeard(heardFileOf(json));
}

/** What a discovery begins with. */
interface Beginning {
  /** The seeds wait in it, or who was left to call. */
  frontier: LanedFrontier;
  /** The addresses that it has. */
  known: AddressTuple[];
  heard: HeardWriter;
  sentence: string;
}

/**
 * Prepares a discovery: asks the seeds, or reads the addresses that an earlier one has heard of.
 *
 * @throws UsageError if the network has no seeds, or if there is no earlier discovery.
 * @throws NoSeeds if no seed has named an address that may be called.
 */
export async function discoveryJob(request: JobRequest): Promise<Job> {
  const { network, flags, concurrency, signal, lines, proxies } = request;
  const mayCall = ruleOf(network, flags, proxies);
  const { frontier, known, heard, sentence } = lines
    ? resumedBeginning(flags.resume!, lines, mayCall)
    : await newBeginning(network, flags, mayCall);
  const stats = new CrawlStats(frontier.heardOf, [...visitsByNode(lines).values()]);
  const visits = discover([], concurrency, {
    ...callOptions(flags, proxies),
    mayCall,
    maxPerGroup: network.name === "practice" ? Infinity : undefined,
    signal,
    frontier,
    known,
    maxAddresses: flags.maxAddresses,
    onNew: (address) => heard.add(address),
    onElsewhere: (networkId) => increment(stats.elsewhere, ADDRESS_NETWORKS[networkId].name),
  });
  return {
    stats,
    visits,
    sentence,
    beforeVisit() {
      heard.flush();
      stats.total = frontier.heardOf;
    },
    statusLine: discoveryLine(frontier),
    remark: () => (frontier.heardOf === flags.maxAddresses ? boundRemark(flags.maxAddresses) : undefined),
    close() {
      heard.close();
      const file = flags.resume ?? flags.json;
      if (heard !== noHeardWriter && !fs.existsSync(file!)) fs.rmSync(heardFileOf(file!), { force: true });
    },
  };
}

/** Returns a sentence on a discovery that has come to the bound of `--max-addresses`. */
function boundRemark(bound: number): string {
  return `That is as many addresses as --max-addresses allows (${formatCount(bound)}). What nodes named beyond them is not kept: for more, begin a new discovery with a higher bound.`;
}

/** Returns how a discovery calls addresses, and which of those that it hears of are too old to call. */
export function callOptions(
  { timeout, v2, maxAge, contact }: Flags,
  proxies: ProxyOptions,
): Partial<DiscoverOptions> {
  return {
    ...proxies,
    versionMessage: introductionOf(contact),
    timeoutMs: timeout * 1000,
    v2,
    maxAgeSeconds: maxAge === undefined ? undefined : maxAge * SECONDS_A_DAY,
  };
}

/**
 * Returns which addresses gossip may lead to: on a network of other people's computers, those of the public
 * internet; nodes behind Tor or on I2P if there is a proxy for them; and on no network those of `--exclude`.
 */
export function ruleOf({ name }: Network, { exclude }: Flags, proxies: ProxyOptions): CallRule {
  const rule = orThroughProxy(name === "practice" ? isOnLoopback : isPublic, proxies);
  if (exclude === undefined) return rule;
  const isExcluded = readExclusion(exclude);
  return (address) => rule(address) && !isExcluded(address);
}

/** Our name and version in our user agent. */
const SOFTWARE = `getting-to-know-each-other:${version}`;

/**
 * Returns the version message with which to introduce ourselves.
 *
 * The contact, if there is one, is a comment after the name, as in BIP 14.
 */
export function introductionOf(contact: string | undefined): VersionMessage {
  const comment = contact === undefined ? "" : `(${contact})`;
  return new VersionMessage({ ...ASKING_VERSION_MESSAGE, userAgent: `/${SOFTWARE}${comment}/` });
}

async function newBeginning(network: Network, flags: Flags, mayCall: CallRule): Promise<Beginning> {
  const { seeds, sentence } = await seedsFor(network, flags, mayCall);
  const { json, maxAddresses } = flags;
  const toFile = json !== undefined && json !== STDOUT;
  const heard = toFile ? heardWriter(heardFileOf(json), 0) : noHeardWriter;
  const frontier = new LanedFrontier();
  const known = seeds.filter((seed) => frontier.heardOf !== maxAddresses && frontier.add(seed));
  known.forEach((seed) => heard.add(seed));
  heard.flush();
  return { frontier, known, heard, sentence };
}

function requireNoHeard(file: string): void {
  if (!fs.existsSync(file)) return;
  throw new UsageError(`${file} exists, and is not overwritten: use another name, or delete it`);
}

/**
 * Resolves to the addresses that the seeds name and that may be called, and to a sentence on these seeds.
 *
 * @throws UsageError if the network has no seeds.
 * @throws NoSeeds if no seed has named an address that may be called.
 */
export async function seedsFor(
  network: Network,
  flags: Flags,
  mayCall: CallRule,
): Promise<{ seeds: AddressTuple[]; sentence: string }> {
  const answers = await askSeedsOf(network, flags);
  const seeds = answers.flatMap(({ addresses }) => addresses).filter(mayCall);
  if (seeds.length === 0) throw new NoSeeds(noSeedsSentence(answers));
  return { seeds, sentence: seedsSentence(answers) };
}

/**
 * Asks the seeds of the network, or those of `--seeds`.
 *
 * @throws UsageError if the network has none that are known here.
 */
export async function askSeedsOf(network: Network, { seeds }: Flags): Promise<SeedAnswer[]> {
  const names = seeds ?? network.seeds;
  if (names.length > 0) return askSeeds(names, network.resolver);
  throw new UsageError(
    "this network has no DNS seeds that are known here: name some with --seeds NAME NAME, or leave out --discover to call the nodes of its list",
  );
}

function resumedBeginning(file: string, lines: VisitLines, mayCall: CallRule): Beginning {
  const { addresses, wholeBytes } = readHeard(heardFileOf(file));
  const called = [...visitsByNode(lines).values()].map(({ address }) => address);
  const frontier = new LanedFrontier(called);
  const left = addresses.filter((address) => mayCall(address) && frontier.add(address));
  const waiting =
    frontier.waiting === 0 ? "none is left to call" : `${formatCount(frontier.waiting)} are left`;
  const sentence = `${file} has ${formatCount(called.length)} addresses already, of ${formatCount(frontier.heardOf)} heard of, and ${waiting}.`;
  return {
    frontier,
    known: [...called, ...left],
    heard: heardWriter(heardFileOf(file), wholeBytes),
    sentence,
  };
}

/** Returns what the seeds have named, and which of them failed: `8 of 10 seeds name 140 addresses. …`. */
export function seedsSentence(answers: readonly SeedAnswer[]): string {
  const distinct = new Set(answers.flatMap(({ addresses }) => addresses.map(addressString)));
  const useful = answers.filter(({ addresses }) => addresses.length > 0).length;
  const count = distinct.size === 1 ? "1 address" : `${formatCount(distinct.size)} addresses`;
  return [`${useful} of ${answers.length} seeds name ${count}.`, ...answers.flatMap(troubleOf)].join(" ");
}

/** Returns a sentence on a seed that failed, or that named addresses that no node may have. */
function troubleOf({ name, refused, error }: SeedAnswer): string[] {
  const seed = printable(name);
  if (error) return [`${seed}: ${printable((error as NodeJS.ErrnoException).code ?? error.message)}.`];
  return refused > 0 ? [`${seed}: ${formatCount(refused)} addresses that no node may have.`] : [];
}

function noSeedsSentence(answers: readonly SeedAnswer[]): string {
  return `no seed has named an address that may be called: is this computer online, and may it ask the DNS? ${seedsSentence(answers)}`;
}

/** The rate of new addresses is that of the last time span of at least this length, in milliseconds. */
const RATE_SPAN_MS = 1000;

/**
 * Returns a function that writes the progress as
 * `312 waiting | 1,000 under way | 4,512 done | 1,204 answered | 5,824 heard of | 321 new/s`.
 */
export function discoveryLine(
  frontier: Pick<AddressFrontier, "heardOf" | "waiting" | "underWay">,
): StatusLine {
  // What a resumed discovery has heard of before is not new.
  let mark = { at: performance.now(), heardOf: frontier.heardOf };
  let rate = 0;
  return ({ done, received }) => {
    const { heardOf, waiting, underWay } = frontier;
    const elapsedMs = performance.now() - mark.at;
    if (elapsedMs >= RATE_SPAN_MS) {
      rate = (1000 * (heardOf - mark.heardOf)) / elapsedMs;
      mark = { at: performance.now(), heardOf };
    }
    return [
      `${formatCount(waiting)} waiting`,
      `${formatCount(underWay)} under way`,
      `${formatCount(done)} done`,
      `${formatCount(received)} answered`,
      `${formatCount(heardOf)} heard of`,
      `${formatCount(Math.round(rate))} new/s`,
    ].join(" | ");
  };
}
