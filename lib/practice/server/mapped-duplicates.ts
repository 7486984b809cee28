/**
 * Nodes that a list has twice: as `127.33.1.2`, and as the same IPv4 address written in IPv6 (RFC 4291, 2.5.5.2).
 *
 * A crawl of 2019 had every twenty-fifth node of its list so. The second spelling leads to the same
 * socket, on machines that have IPv6; where it does not, the network leaves it out.
 */
import { once } from "node:events";
import net, { isIPv4 } from "node:net";
import type { AddressTuple } from "../../peer/address";
import type { Peer } from "../population/nodes";

/** A peer, and an address at which it is to be had. */
export interface ListedPeer {
  peer: Peer;
  address: AddressTuple;
}

/** `127.33.1.2` as `::ffff:127.33.1.2`. */
export function mapped(ipv4: string): string {
  return `::ffff:${ipv4}`;
}

/** The peers that are to be listed again, each with its second spelling; none if this machine cannot call one. */
export async function mappedDuplicates(listed: readonly ListedPeer[]): Promise<ListedPeer[]> {
  const twice = listed.filter(({ peer, address: [host] }) => peer.hasMappedDuplicate && isIPv4(host));
  if (twice.length === 0 || !(await canCallMapped())) return [];
  return twice.map(({ peer, address: [host, port] }) => ({ peer, address: [mapped(host), port] }));
}

/** Whether a socket that listens on an IPv4 address is reached by the address's spelling in IPv6. */
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
