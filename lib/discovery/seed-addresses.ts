/**
 * The first addresses of a network, from its DNS seeds.
 *
 * A DNS seed is a name whose addresses are those of nodes: IPv4 as A records, IPv6 as AAAA records. Records
 * have no port, so seeds only know nodes on the network's usual port. Somebody crawls the network and decides
 * who is in the answer. `x809.` before a seed's name asks for nodes with the services 0x809; few seeds know
 * that.
 */
import { Resolver as DnsResolver } from "node:dns/promises";
import { addressString, type AddressTuple, canonicalAddress, DEFAULT_PORT } from "../peer/address";
import { isOnLoopback, isPublic } from "./call-rules";

/** Whom to ask about a name: the `Resolver` of `node:dns/promises`, for example. */
export interface Resolver {
  /** Resolves to the IPv4 addresses of a name. */
  resolve4(name: string): Promise<string[]>;
  /** Resolves to the IPv6 addresses of a name. */
  resolve6(name: string): Promise<string[]>;
  /** The port on which nodes listen. 8333 if not given. */
  readonly nodePort?: number;
}

/** What one seed has answered. */
export interface SeedAnswer {
  name: string;
  /** Its addresses that a node may have, each once. */
  addresses: AddressTuple[];
  /** How many of its records no node may have: private addresses, for example. */
  refused: number;
  /** Why it has not answered, if it gave no record. */
  error?: Error;
}

/** The seeds of the main network in Bitcoin Core (kernel/chainparams.cpp, 2026). */
export const LIVE_SEEDS: readonly string[] = [
  "dnsseed.bluematt.me",
  "seed.bitcoin.jonasschnelli.ch",
  "seed.btc.petertodd.net",
  "seed.bitcoin.sprovoost.nl",
  "dnsseed.emzy.de",
  "seed.bitcoin.wiz.biz",
  "seed.mainnet.achownodes.xyz",
];

/** Time for one query, in milliseconds, and how often it is sent. */
const QUERY_MS = 2000;
const TRIES = 2;
/** After this time, in milliseconds, a resolver of any kind counts as silent. */
const SILENT_MS = 10_000;
/** Records of one kind that are taken from a seed. Seeds send about 25 (Bitcoin Core takes 32). */
const MAX_RECORDS = 256;

/**
 * Returns the addresses that DNS seeds know, each once.
 *
 * All names are asked at a time. One that does not exist, does not answer, or answers with addresses that no
 * node may have, costs only itself: its addresses are missing. Without a `resolver` the DNS servers of this
 * computer are asked, and an address on loopback is as wrong as a private one.
 */
export async function seedAddresses(names: string[], resolver?: Resolver): Promise<AddressTuple[]> {
  const answers = await askSeeds(names, resolver);
  return distinct(answers.flatMap(({ addresses }) => addresses));
}

/** Asks seeds as `seedAddresses` does, and returns what each has answered, in the order of the names. */
export async function askSeeds(names: readonly string[], resolver?: Resolver): Promise<SeedAnswer[]> {
  const asked = resolver ?? new DnsResolver({ timeout: QUERY_MS, tries: TRIES });
  const mayBeNode = resolver ? (one: AddressTuple) => isPublic(one) || isOnLoopback(one) : isPublic;
  return Promise.all(names.map((name) => askSeed(name, asked, mayBeNode)));
}

async function askSeed(
  name: string,
  resolver: Resolver,
  mayBeNode: (address: AddressTuple) => boolean,
): Promise<SeedAnswer> {
  const queries = [hosts(() => resolver.resolve4(name)), hosts(() => resolver.resolve6(name))];
  const results = await Promise.allSettled(queries);
  const records = results.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
  const all = distinct(records.map((host): AddressTuple => [host, resolver.nodePort ?? DEFAULT_PORT]));
  const addresses = all.filter(mayBeNode);
  const isRejected = (result: PromiseSettledResult<string[]>): result is PromiseRejectedResult =>
    result.status === "rejected";
  const error = records.length === 0 ? (results.find(isRejected)?.reason as Error | undefined) : undefined;
  return { name, addresses, refused: all.length - addresses.length, ...(error && { error }) };
}

/** Resolves to the hosts of an answer: not more than a seed has reason to send. */
async function hosts(query: () => Promise<string[]>): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${SILENT_MS / 1000} seconds`)), SILENT_MS);
  });
  try {
    return (await Promise.race([query(), silence])).slice(0, MAX_RECORDS);
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the addresses in their canonical form, each once. */
function distinct(addresses: readonly AddressTuple[]): AddressTuple[] {
  const byText = new Map(addresses.map(canonicalAddress).map((address) => [addressString(address), address]));
  return [...byText.values()];
}
