/**
 * The addresses that peers know in networks other than the internet: `addrv2` has room for them.
 *
 * Some of those behind Tor and on I2P are nodes of the practice network. The others are nobody's.
 */
import { DEFAULT_PORT } from "../../peer/address";
import { Random } from "../../util/random";
import type { KnownAddressV2 } from "../../wire/addrv2";
import { toHex } from "../../wire/bytes";
import { hostFromBytes } from "../../wire/network-address";
import { i2pHost } from "../../wire/overlay-hosts";

/** An address that peers know. They say when it was last seen as they send it. */
export type OverlayAddress = Omit<KnownAddressV2, "time">;

/** A node behind Tor or on I2P, as far as its address goes. */
interface OverlayNode {
  network: "tor" | "i2p";
  host: string;
  port: number;
  versionInfo: { services: number };
}

const TOR_V3 = 4;
const I2P = 5;
const CJDNS = 6;
/** A network that BIP 155 has not given a number yet, and the length of its addresses in bytes. */
const UNKNOWN = 42;
const UNKNOWN_LENGTH = 20;
const SERVICES = 1033n;

/** How many addresses of nobody there are per node behind Tor or on I2P, and at least. */
const SHARES = { i2p: [0.3, 5], cjdns: [0.02, 2], unknown: [0.02, 2] } as const;

/** Returns the nodes behind Tor and on I2P, and made-up addresses in I2P, in CJDNS, and in a network of tomorrow. */
export function overlayAddresses(seed: number, nodes: readonly OverlayNode[]): OverlayAddress[] {
  const random = new Random(seed, "overlay addresses");
  const several = ([perNode, least]: readonly [number, number], make: () => OverlayAddress) =>
    Array.from({ length: Math.max(least, Math.round(perNode * nodes.length)) }, make);
  return [
    ...nodes.map(({ network, host, port, versionInfo }) => {
      return {
        networkId: network === "tor" ? TOR_V3 : I2P,
        host,
        port,
        services: BigInt(versionInfo.services),
      };
    }),
    ...several(SHARES.i2p, () => nobody(I2P, i2pHost(random.bytes(32)), 0)),
    ...several(SHARES.cjdns, () => nobody(CJDNS, cjdnsHost(random))),
    ...several(SHARES.unknown, () => nobody(UNKNOWN, toHex(random.bytes(UNKNOWN_LENGTH)))),
  ];
}

function nobody(networkId: number, host: string, port = DEFAULT_PORT): OverlayAddress {
  return { networkId, host, port, services: SERVICES };
}

/** Returns an address of CJDNS: fc00::/8. */
function cjdnsHost(random: Random): string {
  return hostFromBytes(Uint8Array.of(0xfc, ...random.bytes(15)));
}
