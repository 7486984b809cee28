/**
 * The services that a node offers, as bits of a 64-bit number.
 *
 * The names are those of Bitcoin Core's protocol.h, without NODE_, and of BIPs 64, 111, 144, 157, 159
 * and 324.
 */

/** Bit number of each service that has a name. */
export const SERVICE_BITS = {
  NETWORK: 0,
  GETUTXO: 1,
  BLOOM: 2,
  WITNESS: 3,
  COMPACT_FILTERS: 6,
  NETWORK_LIMITED: 10,
  P2P_V2: 11,
} as const;

/** Returns whether a node with these services offers one. */
export function hasService(services: bigint, name: keyof typeof SERVICE_BITS): boolean {
  return ((services >> BigInt(SERVICE_BITS[name])) & 1n) === 1n;
}

/** Returns the names of the bits that are set, lowest bit first. A bit without a name is called `bit26`. */
export function serviceNames(services: bigint): string[] {
  const names: string[] = [];
  for (let bit = 0; bit < 64; bit++) {
    if ((services >> BigInt(bit)) & 1n) names.push(nameOfBit(bit));
  }
  return names;
}

/** Returns the name of a service, by its bit number. */
function nameOfBit(bit: number): string {
  const [name] = Object.entries(SERVICE_BITS).find(([, number]) => number === bit) ?? [];
  return name ?? `bit${bit}`;
}
