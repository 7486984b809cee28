/** The addresses to crawl: the nodes in the network's list, each once. */
import { getNodes, type NodeDetails, type Nodes } from "@course/lib/bitnodes";
import {
  addressString,
  type AddressTuple,
  canonicalAddress,
  nodeKey,
  parseAddress,
  type Visit,
} from "@course/lib/peer";
import { joinNetwork, type Network, rangeOf } from "@course/lib/practice";
import { hasService, printable } from "@course/lib/wire";
import { formatCount, UsageError } from "@course/lib/util";
import type { Flags } from "./options";

/** How many of the unreadable names are shown. */
const MAX_SHOWN = 3;

/**
 * Joins the network, and says on stderr which. Rejects as `joinNetwork` does.
 *
 * A practice network that has to be started gets the addresses of the `earlier` crawl, if their range is free.
 */
export async function join(
  { live, population }: Pick<Flags, "live" | "population">,
  earlier: readonly AddressTuple[] = [],
): Promise<Network> {
  const env = { ...process.env };
  if (live) env.COURSE_NETWORK = "live";
  if (population !== undefined) env.COURSE_NETWORK = "practice";
  const range = firstRange(earlier);
  return joinNetwork({ env, range, population, log: console.error });
}

/** Returns the first range of practice networks that some of the addresses are in. */
function firstRange(addresses: readonly AddressTuple[]): number | undefined {
  return addresses.map(rangeOf).find((range) => range !== undefined);
}

/**
 * Checks that the practice network that was joined is the one in which a crawl has heard of these addresses.
 *
 * @throws UsageError if it is another one: none of these addresses would answer.
 */
export async function requireSamePractice(addresses: readonly AddressTuple[]): Promise<void> {
  const range = firstRange(addresses);
  if (range === undefined) return;
  const { addresses: listed } = readAddresses(await getNodes());
  const joined = firstRange(listed);
  if (joined === undefined || joined === range) return;
  throw new UsageError(
    `the crawl is one of a practice network at 127.${range}.0.0, and the one that is running is at 127.${joined}.0.0: stop that one and repeat the command, or begin another crawl with --crawl ID`,
  );
}

/**
 * Checks that the practice network that was joined is the one of an earlier crawl: that most of the nodes that
 * answered are in its list. The network of another year may be in the same range, and has some of the same addresses by
 * chance. On the live network nodes come and go, and nothing is checked.
 *
 * @throws UsageError if it is another one.
 */
export async function requireSameNodes(
  { name }: Network,
  file: string,
  earlier: readonly Visit[],
): Promise<void> {
  const answered = earlier
    .filter(({ versionMessage }) => versionMessage)
    .map(({ address }) => nodeKey(address));
  if (name !== "practice" || answered.length === 0) return;
  const listed = new Set(readAddresses(await getNodes()).addresses.map(nodeKey));
  const known = answered.filter((key) => listed.has(key)).length;
  if (2 * known >= answered.length) return;
  throw new UsageError(
    `of ${formatCount(answered.length)} nodes that answered in ${file}, the practice network that you have joined has ${formatCount(known)}: the file is another network's, perhaps another year's (--population YEAR)`,
  );
}

/**
 * Resolves to the addresses in the list of the joined network, each once. Prints the names that it cannot
 * read.
 *
 * @throws BitnodesError if there is no list.
 */
export async function listedAddresses(): Promise<Listed> {
  const nodes = await getNodes();
  const { addresses, unreadable } = readAddresses(nodes);
  if (unreadable.length > 0) {
    const shown = unreadable.slice(0, MAX_SHOWN).map(printable).join(", ");
    const more = unreadable.length > MAX_SHOWN ? " and others" : "";
    console.error(
      `${formatCount(unreadable.length)} names in the list are not a host with a port, and are left out: ${shown}${more}.`,
    );
  }
  const inClear = new Set(Object.keys(nodes).filter((name) => lacksV2(nodes[name])));
  return { addresses, speaksV2: (address) => (inClear.has(addressString(address)) ? false : undefined) };
}

/** A list of nodes. */
interface Listed {
  addresses: AddressTuple[];
  /** Returns false for a node that does not speak v2, by its services in the list; undefined for others. */
  speaksV2(address: AddressTuple): false | undefined;
}

/** Returns whether a node's services in the list are without P2P_V2. A list may have no such field. */
function lacksV2([, , , services]: NodeDetails): boolean {
  return (
    typeof services === "number" && Number.isSafeInteger(services) && !hasService(BigInt(services), "P2P_V2")
  );
}

/**
 * Returns the addresses in a list, and the names that are not addresses.
 *
 * A node that is listed under several spellings, as `[::ffff:1.2.3.4]:8333` beside `1.2.3.4:8333`, is
 * returned once, at its first place, as `canonicalAddress` writes it.
 */
export function readAddresses(nodes: Nodes): { addresses: AddressTuple[]; unreadable: string[] } {
  const addresses = new Map<string, AddressTuple>();
  const unreadable: string[] = [];
  for (const name of Object.keys(nodes)) {
    try {
      const address = canonicalAddress(parseAddress(name));
      addresses.set(addressString(address), address);
    } catch {
      unreadable.push(name);
    }
  }
  return { addresses: [...addresses.values()], unreadable };
}
