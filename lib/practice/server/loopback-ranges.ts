/**
 * Which loopback addresses a practice network takes, so that several can run side by side.
 *
 * On Linux all of 127.0.0.0/8 is this machine: a network claims one 127.x.0.0/16 and gives most of
 * its peers port 8333 in it, and [::1] with a port each to the others. Elsewhere only 127.0.0.1 and
 * [::1] are there, so every peer has a port of its own. The claim is a listener on the block's first
 * address, which lasts as long as the process.
 */
import net from "node:net";
import { type AddressTuple, DEFAULT_PORT } from "../../peer/address";
import type { Peer } from "../population/nodes";
import { PracticeError } from "./practice-error";

/** How addresses are made: a block of 127.0.0.0/8, or ports of 127.0.0.1 alone. */
export type Layout = "block" | "ports";

/** The layout that this operating system allows. */
export const LAYOUT: Layout = process.platform === "linux" ? "block" : "ports";

export interface AddressRange {
  /** What has to be told about it, if something is not as usual. */
  note?: string;
  /** Where each of the peers is to listen, in their order. */
  addresses(peers: readonly Peer[]): AddressTuple[];
  release(): Promise<void>;
}

const FIRST_BLOCK = 33;
const LAST_BLOCK = 232;
/** Nobody's port: who listens on it in a block has claimed the block. */
const CLAIM_PORT = 18_329;
const MAIN_PORTS = [DEFAULT_PORT, 18_333, 28_333, 8433];
/** Ports for peers that share a host lie below those that machines call from (on Linux from 32,768 on). */
const FIRST_PORT = 10_240;
const IPV6_PORTS_PER_RANGE = 1126;
const IPV6_BLOCKS = 20;
const PORTS_PER_NETWORK = 10_240;
const NETWORKS_OF_PORTS = 3;

/** Takes addresses that no other practice network has. Rejects with NO_ADDRESSES when all are taken. */
export async function claimRange(layout: Layout): Promise<AddressRange> {
  const ipv6 = await canListen("::1", 0);
  return layout === "block" ? claimAddresses(ipv6) : claimPorts(ipv6);
}

async function claimAddresses(ipv6: boolean): Promise<AddressRange> {
  for (let number = FIRST_BLOCK; number <= LAST_BLOCK; number++) {
    const claim = await listen(`127.${number}.0.1`, CLAIM_PORT);
    if (!claim) continue;
    const mainPort = await firstFree(`127.${number}.0.1`, MAIN_PORTS);
    const nextIpv6 = counter(FIRST_PORT + ((number - FIRST_BLOCK) % IPV6_BLOCKS) * IPV6_PORTS_PER_RANGE);
    const addressOf = (peer: Peer): AddressTuple =>
      peer.family === "ipv6" && ipv6
        ? ["::1", nextIpv6()]
        : [`127.${number}.${peer.hostNumber >> 8}.${peer.hostNumber & 0xff}`, portOf(peer, mainPort)];
    return {
      note: mainPort === DEFAULT_PORT ? undefined : portNote(mainPort),
      addresses: (peers) => peers.map(addressOf),
      release: () => close(claim),
    };
  }
  throw new PracticeError(
    "NO_ADDRESSES",
    `every block of loopback addresses from 127.${FIRST_BLOCK} to 127.${LAST_BLOCK} is taken (port ${CLAIM_PORT} is in use in all of them): stop a practice network that is no longer needed, then try again`,
  );
}

/** When all ranges are claimed the last one is shared: a peer whose port is taken gets another. */
async function claimPorts(ipv6: boolean): Promise<AddressRange> {
  let claim: net.Server | undefined;
  let first = FIRST_PORT;
  for (let number = 0; number < NETWORKS_OF_PORTS && !claim; number++) {
    first = FIRST_PORT + number * PORTS_PER_NETWORK;
    claim = await listen("127.0.0.1", first);
  }
  const next = { ipv4: counter(first + 1), ipv6: counter(first + 1) };
  const addressOf = (peer: Peer): AddressTuple =>
    peer.family === "ipv6" && ipv6 ? ["::1", next.ipv6()] : ["127.0.0.1", next.ipv4()];
  return {
    addresses: (peers) => peers.map(addressOf),
    release: async () => claim && close(claim),
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
  if (server) await close(server);
  return server !== undefined;
}

/** A server at that address, or undefined if it cannot be had. */
function listen(host: string, port: number): Promise<net.Server | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once("error", () => resolve(undefined));
    server.listen({ host, port }, () => resolve(server));
  });
}

function close(server: net.Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
