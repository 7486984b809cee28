/** Whom a crawl calls: the nodes that the network's list names, each once. */
import { getNodes, type Nodes } from "@course/lib/bitnodes";
import { addressString, type AddressTuple, parseAddress } from "@course/lib/peer";
import { joinNetwork, type Network } from "@course/lib/practice";
import { printable } from "@course/lib/wire";
import { formatCount } from "@course/lib/util";

/** How many names of those that are left out are told. */
const MOST_TOLD = 3;

/** Joins the network, and says on stderr who is called. Rejects as `joinNetwork` does. */
export async function join(live: boolean | undefined): Promise<Network> {
  const env = live ? { ...process.env, COURSE_NETWORK: "live" } : process.env;
  return joinNetwork({ env, log: console.error });
}

/** The addresses of the network that was joined, each once. Says which names it cannot read. Rejects with a BitnodesError if there is no list. */
export async function listedAddresses(): Promise<AddressTuple[]> {
  const { addresses, unreadable } = readAddresses(await getNodes());
  if (unreadable.length > 0) {
    const told = unreadable.slice(0, MOST_TOLD).map(printable).join(", ");
    const more = unreadable.length > MOST_TOLD ? " and others" : "";
    console.error(
      `${formatCount(unreadable.length)} names in the list are no host with a port, and left out: ${told}${more}.`,
    );
  }
  return addresses;
}

/** The addresses in a list, each once, and the names that are none. */
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
