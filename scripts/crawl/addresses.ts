/** The addresses to crawl: the nodes in the network's list, each once. */
import { getNodes, type Nodes } from "@course/lib/bitnodes";
import { addressString, type AddressTuple, parseAddress } from "@course/lib/peer";
import { joinNetwork, type Network } from "@course/lib/practice";
import { printable } from "@course/lib/wire";
import { formatCount } from "@course/lib/util";

/** How many of the unreadable names are shown. */
const MAX_SHOWN = 3;

/** Joins the network, and says on stderr which. Rejects as `joinNetwork` does. */
export async function join(live: boolean | undefined): Promise<Network> {
  const env = live ? { ...process.env, COURSE_NETWORK: "live" } : process.env;
  return joinNetwork({ env, log: console.error });
}

/**
 * Resolves to the addresses in the list of the joined network, each once. Prints the names that it cannot
 * read.
 *
 * @throws BitnodesError if there is no list.
 */
export async function listedAddresses(): Promise<AddressTuple[]> {
  const { addresses, unreadable } = readAddresses(await getNodes());
  if (unreadable.length > 0) {
    const shown = unreadable.slice(0, MAX_SHOWN).map(printable).join(", ");
    const more = unreadable.length > MAX_SHOWN ? " and others" : "";
    console.error(
      `${formatCount(unreadable.length)} names in the list are not a host with a port, and are left out: ${shown}${more}.`,
    );
  }
  return addresses;
}

/** Returns the addresses in a list, each once, and the names that are not addresses. */
export function readAddresses(nodes: Nodes): { addresses: AddressTuple[]; unreadable: string[] } {
  const addresses = new Map<string, AddressTuple>();
  const unreadable: string[] = [];
  for (const name of Object.keys(nodes)) {
    try {
      const address = parseAddress(name);
      addresses.set(addressString(address), address);
    } catch {
      unreadable.push(name);
    }
  }
  return { addresses: [...addresses.values()], unreadable };
}
