/**
 * Nodes that the snapshot lists twice: as `127.33.1.2`, and as its IPv4-mapped IPv6 address
 * `::ffff:127.33.1.2` (RFC 4291, 2.5.5.2).
 *
 * The list of a crawl of 2019 had every twenty-fifth node twice. On machines with IPv6 both addresses
 * lead to the same socket; on others the snapshot has no mapped addresses.
 */
import { once } from "node:events";
import net, { isIPv4 } from "node:net";
import type { AddressTuple } from "../../peer/address";
import type { Peer } from "../population/nodes";

/** A peer, and an address under which the snapshot lists it. */
export interface ListedPeer {
  peer: Peer;
  address: AddressTuple;
}

function mapped(ipv4: string): string {
  return `::ffff:${ipv4}`;
}

/**
 * Resolves with the peers to list again, each with its mapped address.
 *
 * If this machine cannot connect to mapped addresses, there are none.
 */
export async function mappedDuplicates(listed: readonly ListedPeer[]): Promise<ListedPeer[]> {
  const chosen = listed.filter(({ peer, address: [host] }) => peer.hasMappedDuplicate && isIPv4(host));
  if (chosen.length === 0 || !(await canCallMapped())) return [];
  return chosen.map(({ peer, address: [host, port] }) => ({ peer, address: [mapped(host), port] }));
}

/** Resolves with whether a mapped address leads to the socket that listens on the IPv4 address. */
async function canCallMapped(): Promise<boolean> {
  const server = net.createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    const { port } = server.address() as net.AddressInfo;
    const socket = net.connect({ host: mapped("127.0.0.1"), port });
    await once(socket, "connect");
    socket.destroy();
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
