/**
 * The loopback addresses of a practice network, chosen so that several networks can run side by side.
 *
 * On Linux all of 127.0.0.0/8 belongs to this machine. A network claims one range, 127.x.0.0/16, and
 * gives most of its peers port 8333 in it; peers with IPv6 share [::1] and have a port each. Other
 * systems have only 127.0.0.1 and [::1], so every peer has a port of its own. The claim is a socket
 * that listens on the range's first address, or first port, until the network closes.
 */
import net from "node:net";
import { type AddressTuple, DEFAULT_PORT } from "../../peer/address";
import type { Peer } from "../population/nodes";
import { closeServer } from "./close-server";
import { PracticeError } from "./practice-error";

/** How peers get addresses: a range of 127.0.0.0/8, or ports of 127.0.0.1 alone. */
export type Layout = "range" | "ports";

/** The layout that this operating system allows. */
export const LAYOUT: Layout = process.platform === "linux" ? "range" : "ports";

/** The addresses that one network has claimed. */
export interface AddressRange {
  /** A sentence for the user, if most peers are not on port 8333. */
  note?: string;
  /** Returns the address at which each peer is to listen, in their order. */
  addresses(peers: readonly Peer[]): AddressTuple[];
  release(): Promise<void>;
}

const FIRST_RANGE = 33;
const LAST_RANGE = 232;
/** A network that listens on this port in a range has claimed the range. No peer uses the port there. */
const CLAIM_PORT = 18_329;
const MAIN_PORTS = [DEFAULT_PORT, 18_333, 28_333, 8433];
/** Ports of peers that share a host lie below those of outgoing connections (on Linux from 32,768 up). */
const FIRST_PORT = 10_240;
const IPV6_PORTS_PER_RANGE = 2252;
const IPV6_RANGES = 10;
const PORTS_PER_RANGE = 10_240;
const PORT_RANGES = 3;

/** Returns the number of the range of 127.0.0.0/8 that an address lies in, if practice networks use that range. */
export function rangeOf([host]: AddressTuple): number | undefined {
  const [first, number] = host.split(".").map(Number);
  return first === 127 && number >= FIRST_RANGE && number <= LAST_RANGE ? number : undefined;
}

/**
 * Claims addresses that no other practice network has: those of range `preferred`, if they are free.
 *
 * @throws PracticeError NO_ADDRESSES if all ranges of 127.0.0.0/8 are claimed.
 */
export async function claimRange(layout: Layout, preferred?: number): Promise<AddressRange> {
  const ipv6 = await canListen("::1", 0);
  return layout === "range" ? claimHosts(ipv6, preferred) : claimPorts(ipv6);
}

async function claimHosts(ipv6: boolean, preferred = FIRST_RANGE): Promise<AddressRange> {
  const count = LAST_RANGE - FIRST_RANGE + 1;
  const all = Array.from({ length: count }, (_, i) => FIRST_RANGE + i);
  for (const number of [preferred, ...all.filter((one) => one !== preferred)]) {
    const claim = await listen(`127.${number}.0.1`, CLAIM_PORT);
    if (!claim) continue;
    const mainPort = await firstFree(`127.${number}.0.1`, MAIN_PORTS);
    const nextIpv6 = counter(FIRST_PORT + ((number - FIRST_RANGE) % IPV6_RANGES) * IPV6_PORTS_PER_RANGE);
    const addressOf = (peer: Peer): AddressTuple =>
      peer.family === "ipv6" && ipv6
        ? ["::1", nextIpv6()]
        : [`127.${number}.${peer.hostNumber >> 8}.${peer.hostNumber & 0xff}`, portOf(peer, mainPort)];
    return {
      note: mainPort === DEFAULT_PORT ? undefined : portNote(mainPort),
      addresses: (peers) => peers.map(addressOf),
      release: () => closeServer(claim),
    };
  }
  throw new PracticeError(
    "NO_ADDRESSES",
    `every range of loopback addresses from 127.${FIRST_RANGE} to 127.${LAST_RANGE} is taken (port ${CLAIM_PORT} is in use in all of them): stop a practice network that is no longer needed, then try again`,
  );
}

/**
 * Claims a range of ports.
 *
 * If all are claimed, networks share the last one: a peer whose port is taken gets another.
 */
async function claimPorts(ipv6: boolean): Promise<AddressRange> {
  let claim: net.Server | undefined;
  let first = FIRST_PORT;
  for (let number = 0; number < PORT_RANGES && !claim; number++) {
    first = FIRST_PORT + number * PORTS_PER_RANGE;
    claim = await listen("127.0.0.1", first);
  }
  const next = { ipv4: counter(first + 1), ipv6: counter(first + 1) };
  const addressOf = (peer: Peer): AddressTuple =>
    peer.family === "ipv6" && ipv6 ? ["::1", next.ipv6()] : ["127.0.0.1", next.ipv4()];
  return {
    addresses: (peers) => peers.map(addressOf),
    release: async () => claim && closeServer(claim),
  };
}

function counter(first: number): () => number {
  let next = first;
  return () => next++;
}

function portOf(peer: Peer, mainPort: number): number {
  return peer.port === DEFAULT_PORT ? mainPort : peer.port;
}

function portNote(mainPort: number): string {
  return `Port ${DEFAULT_PORT} is taken on this machine (a Bitcoin node?), so most peers listen on port ${mainPort} instead.`;
}

async function firstFree(host: string, ports: readonly number[]): Promise<number> {
  for (const port of ports) if (await canListen(host, port)) return port;
  return ports[0];
}

async function canListen(host: string, port: number): Promise<boolean> {
  const server = await listen(host, port);
  if (server) await closeServer(server);
  return server !== undefined;
}

/** Resolves with a server that listens at the address, or with undefined if that is not possible. */
function listen(host: string, port: number): Promise<net.Server | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once("error", () => resolve(undefined));
    server.listen({ host, port }, () => resolve(server));
  });
}
