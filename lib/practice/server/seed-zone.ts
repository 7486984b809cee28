/**
 * What the DNS seeds of the practice network answer.
 *
 * Somebody crawls the network, and each seed knows 25 of the nodes that answered on the usual port: one is
 * dead, and one is poisoned. `xHEX.` before a name asks for nodes with these services. A seed gives the same
 * answer each time.
 */
import { isIPv4 } from "node:net";
import { type AddressTuple, DEFAULT_PORT } from "../../peer/address";
import { Random } from "../../util/random";
import type { VersionInfo } from "../behaviour/version-info";
import type { ListedPeer } from "./mapped-duplicates";

/** How a seed answers. */
type SeedKind = "honest" | "dead" | "poisoned";

/** The seeds, in the domain `.test` that no DNS of the internet knows (RFC 6761). */
const SEEDS: Readonly<Record<string, SeedKind>> = {
  "seed.alder.test": "honest",
  "seed.birch.test": "honest",
  "seed.cedar.test": "honest",
  "seed.elm.test": "honest",
  "seed.hazel.test": "honest",
  "seed.larch.test": "honest",
  "seed.maple.test": "honest",
  "seed.oak.test": "honest",
  "seed.rowan.test": "dead",
  "seed.sumac.test": "poisoned",
};

/** The names of the seeds. */
export const PRACTICE_SEEDS: readonly string[] = Object.keys(SEEDS);

/** What a poisoned seed answers: addresses that lead into the asker's own home, or nowhere. */
const POISON = {
  A: ["0.0.0.0", "10.0.0.138", "169.254.169.254", "192.168.1.1", "224.0.0.1"],
  AAAA: ["::", "fe80::1", "fc00::1"],
};
/** How many addresses a seed gives, at most. */
const RECORDS = 25;

type RecordType = "A" | "AAAA";

/** The records of a name; undefined if there is no such name, and `"silence"` if nobody answers. */
type ZoneAnswer = readonly string[] | "silence" | undefined;

/** A node that seeds may name. */
interface SeedNode {
  host: string;
  services: bigint;
}

/** The records of all seeds of a network. */
export class SeedZone {
  /** The port on which the nodes listen that seeds name. Records have no port. */
  readonly nodePort: number;
  private readonly nodes: Readonly<Record<RecordType, readonly SeedNode[]>>;

  /** `good` are the peers that answer, each with its address. */
  constructor(
    private readonly seed: number,
    good: readonly { address: AddressTuple; versionInfo: VersionInfo }[],
  ) {
    this.nodePort = usualPort(good.map(({ address }) => address));
    const onPort = good.filter(({ address: [, port] }) => port === this.nodePort);
    const nodes = onPort.map(({ address: [host], versionInfo: { services } }): SeedNode => ({
      host,
      services: BigInt(services),
    }));
    this.nodes = {
      A: nodes.filter(({ host }) => isIPv4(host)),
      AAAA: nodes.filter(({ host }) => !isIPv4(host)),
    };
  }

  /** Returns the records of this type that a name has. */
  answer(name: string, type: RecordType): ZoneAnswer {
    const [, services = "0", seedName] = /^(?:x([0-9a-f]{1,16})\.)?(.*)$/.exec(name.toLowerCase())!;
    const kind = Object.hasOwn(SEEDS, seedName) ? SEEDS[seedName] : undefined;
    if (kind === undefined) return undefined;
    if (kind === "dead") return "silence";
    return kind === "poisoned" ? POISON[type] : this.draw(seedName, type, BigInt(`0x${services}`));
  }

  private draw(name: string, type: RecordType, services: bigint): string[] {
    const fitting = this.nodes[type].filter((node) => (node.services & services) === services);
    const random = new Random(this.seed, `dns seed ${name} ${type} ${services}`);
    const count = Math.min(RECORDS, fitting.length);
    return random.distinct(count, 0, fitting.length - 1).map((i) => fitting[i].host);
  }
}

/** Returns the port that most of the addresses have: the first one's, if each has its own. */
function usualPort(addresses: readonly AddressTuple[]): number {
  const counts = new Map<number, number>();
  for (const [, port] of addresses) counts.set(port, (counts.get(port) ?? 0) + 1);
  const [usual = DEFAULT_PORT] = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)!);
  return usual;
}

/** Returns the peers that seeds may name: those that give a caller their version message in time. */
export function goodPeers(
  listed: readonly ListedPeer[],
  outcomes: readonly { outcome: string }[],
): { address: AddressTuple; versionInfo: VersionInfo }[] {
  return listed
    .filter((_, i) => outcomes[i].outcome === "version")
    .map(({ peer, address }) => ({ address, versionInfo: peer.versionInfo }));
}
