/**
 * The addresses that peers know in networks other than the internet: `addrv2` has room for them.
 *
 * Some of those behind Tor and on I2P are nodes of the practice network. The others are nobody's.
 */
import { createHash } from "node:crypto";
import { DEFAULT_PORT } from "../../peer/address";
import { addressBytes, type RawAddressV2 } from "../../wire/addrv2";
import { NETWORK_ID } from "../../wire/network-id";
import { totalWeight, valueAt, type Weighted } from "../../util/random";
import type { OverlayNetwork, OverlayStrangers } from "./gossip-model";
import { spread } from "./spread";

/** An address that peers know, without when it was last seen. */
type OverlayAddress = Omit<RawAddressV2, "time">;

/** A node behind Tor or on I2P, as far as its address goes. */
interface OverlayNode {
  network: "tor" | "i2p";
  host: string;
  port: number;
  versionInfo: { services: number };
}

/** The numbers of networks; `unknown` is one that BIP 155 has not given yet. */
const NETWORK_IDS: Record<OverlayNetwork, number> = {
  tor: NETWORK_ID.torV3,
  i2p: NETWORK_ID.i2p,
  cjdns: NETWORK_ID.cjdns,
  unknown: 42,
};
/** Length of an address of the unknown network, in bytes. */
const UNKNOWN_LENGTH = 20;
const SERVICES = 1033n;
/** A prime above any number of strangers, with which their networks are mixed. */
const STEP = 2_147_483_647;

/** Addresses by number, each made when it is asked for. */
export class OverlayAddresses {
  /** How many there are. */
  readonly size: number;
  private readonly strangers: Weighted<OverlayNetwork>;
  private readonly strangersCount: number;

  constructor(
    private readonly seed: number,
    private readonly nodes: readonly OverlayNode[],
    strangers: OverlayStrangers,
  ) {
    this.strangers = Object.entries(strangers).map(([network, [perNode, least]]) => [
      network as OverlayNetwork,
      Math.max(least, Math.round(perNode * nodes.length)),
    ]);
    this.strangersCount = totalWeight(this.strangers);
    this.size = nodes.length + this.strangersCount;
  }

  /** How many of them are nodes. */
  get nodeCount(): number {
    return this.nodes.length;
  }

  /** Returns the address of number `i`. Nodes are spread evenly among the strangers. */
  at(i: number): OverlayAddress {
    const [isNode, number] = spread(this.nodes.length, i, this.size);
    if (!isNode) return this.stranger(number);
    const { network, host, port, versionInfo } = this.nodes[number];
    const networkId = NETWORK_IDS[network];
    const services = BigInt(versionInfo.services);
    return { networkId, address: addressBytes({ networkId, host }), port, services };
  }

  /** Returns an address that is nobody's. */
  private stranger(number: number): OverlayAddress {
    const network = valueAt(this.strangers, (number * STEP) % this.strangersCount);
    const hash = createHash("sha256").update(`${this.seed} overlay ${number}`).digest();
    const port = network === "i2p" ? 0 : DEFAULT_PORT;
    return { networkId: NETWORK_IDS[network], address: ADDRESSES[network](hash), port, services: SERVICES };
  }
}

/** The addresses that 32 bytes make. */
const ADDRESSES: Record<OverlayNetwork, (bytes: Buffer) => Uint8Array> = {
  tor: (bytes) => bytes,
  i2p: (bytes) => bytes,
  cjdns: (bytes) => Uint8Array.of(0xfc, ...bytes.subarray(0, 15)), // fc00::/8
  unknown: (bytes) => bytes.subarray(0, UNKNOWN_LENGTH),
};
