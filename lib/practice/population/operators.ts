/**
 * The network operators (autonomous systems) that host the peers, by country.
 *
 * The largest and their node counts come from the profile of the population's year. Their distribution
 * over countries is a rough guess. All others are made up, with AS numbers for private use (RFC 6996).
 */
import type { CountryCounts } from "./places";
import { type Random, totalWeight, type Weighted } from "../../util/random";

/** The network operator that hosts a node, as the bitnodes API gives it; null if unknown. */
export interface Operator {
  /** `AS24940`; `TOR` for nodes behind Tor. */
  asn: string | null;
  organization: string | null;
}

/** The countries of each operator in the profiles, with the weight of each. */
const COUNTRIES_OF: Record<string, Weighted<string>> = {
  AS24940: [
    ["DE", 93],
    ["FI", 7],
  ],
  AS16276: [
    ["FR", 60],
    ["CA", 18],
    ["DE", 10],
    ["GB", 6],
    ["PL", 6],
  ],
  AS16509: [
    ["US", 45],
    ["IE", 12],
    ["DE", 12],
    ["SG", 10],
    ["JP", 15],
    ["KR", 6],
  ],
  AS14061: [
    ["US", 50],
    ["NL", 15],
    ["GB", 12],
    ["SG", 10],
    ["DE", 8],
    ["CA", 5],
  ],
  AS51167: [["DE", 1]],
  AS4837: [["CN", 1]],
  AS7922: [["US", 1]],
  AS37963: [["CN", 1]],
  AS45102: [
    ["US", 40],
    ["HK", 30],
    ["SG", 20],
    ["CN", 10],
  ],
  AS15169: [
    ["US", 80],
    ["NL", 8],
    ["TW", 6],
    ["JP", 6],
  ],
  AS12876: [
    ["FR", 80],
    ["NL", 20],
  ],
  AS14618: [["US", 1]],
  AS200130: [
    ["NL", 50],
    ["GB", 30],
    ["DE", 20],
  ],
  AS6830: [
    ["NL", 20],
    ["CH", 20],
    ["AT", 20],
    ["PL", 20],
    ["CZ", 20],
  ],
  AS701: [["US", 1]],
  AS3320: [["DE", 1]],
  AS20473: [
    ["US", 60],
    ["JP", 20],
    ["NL", 20],
  ],
  AS63949: [
    ["US", 60],
    ["GB", 15],
    ["JP", 15],
    ["SG", 10],
  ],
  AS24400: [["CN", 1]],
  AS7018: [["US", 1]],
  AS8075: [
    ["US", 60],
    ["NL", 20],
    ["IE", 20],
  ],
  AS9318: [["KR", 1]],
  AS6939: [["US", 1]],
  AS20115: [["US", 1]],
  AS4808: [["CN", 1]],
  AS5089: [["GB", 1]],
  AS49981: [["NL", 1]],
  AS3265: [["NL", 1]],
  AS2907: [["JP", 1]],
  AS31334: [["DE", 1]],
  AS209: [["US", 1]],
  AS22773: [["US", 1]],
  AS60781: [["NL", 1]],
  AS62282: [["LT", 1]],
  AS12322: [["FR", 1]],
  AS2856: [["GB", 1]],
  AS62567: [["US", 1]],
  AS5650: [["US", 1]],
  AS20001: [["US", 1]],
  AS396982: [
    ["US", 80],
    ["NL", 10],
    ["SG", 10],
  ],
  AS3209: [["DE", 1]],
  AS1136: [["NL", 1]],
  AS197540: [["DE", 1]],
  AS33915: [["NL", 1]],
  AS577: [["CA", 1]],
  AS11427: [["US", 1]],
  AS10796: [["US", 1]],
  AS6327: [["CA", 1]],
  AS3352: [["ES", 1]],
  AS31898: [
    ["US", 60],
    ["DE", 20],
    ["GB", 20],
  ],
  AS34259: [["UA", 1]],
  AS33363: [["US", 1]],
  AS852: [["CA", 1]],
};

const FIRST_PRIVATE_ASN = 64512;
const LAST_PRIVATE_ASN = 65534;

/** The largest operators of a network, with their node counts. */
export type OperatorCounts = readonly (readonly [
  asn: string | null,
  organization: string | null,
  count: number,
])[];

/** The operators of one population. */
export class Operators {
  /** By country, its known operators and how many nodes each has there. */
  private readonly known = new Map<string, [Operator, number][]>();

  /**
   * `largest` are the known ones. `countries` has how many nodes each country has, and `unknownShare` is the
   * share of nodes whose operator is unknown.
   */
  constructor(
    largest: OperatorCounts,
    private readonly countries: CountryCounts,
    private readonly unknownShare: number,
  ) {
    for (const [asn, organization, count] of largest) {
      const ownCountries = countriesOfOperator(asn);
      const total = totalWeight(ownCountries);
      for (const [country, weight] of ownCountries) {
        const inCountry = this.known.get(country) ?? [];
        this.known.set(country, [...inCountry, [{ asn, organization }, (count * weight) / total]]);
      }
    }
  }

  /** Draws the operator of a node in `country`: a known one as often as counted, else a small one. */
  draw(random: Random, country: string | null): Operator {
    if (random.chance(this.unknownShare)) return { asn: null, organization: null };
    const known = this.known.get(country ?? "") ?? [];
    const knownNodes = totalWeight(known);
    const allNodes = this.nodesIn(country);
    const otherNodes = Math.max(allNodes - knownNodes, allNodes * 0.03);
    return random.pick([...known, [undefined, otherNodes] as const]) ?? this.drawSmall(random, country);
  }

  /** Draws a made-up operator. A few have many nodes and most have one; each hosts nodes in one country. */
  private drawSmall(random: Random, country: string | null): Operator {
    const privateNumbers = LAST_PRIVATE_ASN - FIRST_PRIVATE_ASN + 1;
    const offset = [...(country ?? "")].reduce((sum, letter) => sum * 37 + letter.charCodeAt(0), 0);
    const rank = Math.floor(this.smallOnesIn(country) * random.next() ** 2);
    const number = FIRST_PRIVATE_ASN + ((offset * 53 + rank) % privateNumbers);
    return { asn: `AS${number}`, organization: `Network ${number}` };
  }

  /** Returns how many small operators a country has: one per seven nodes. */
  private smallOnesIn(country: string | null): number {
    return Math.ceil(this.nodesIn(country) / 7);
  }

  private nodesIn(country: string | null): number {
    return this.countries[country ?? "null"];
  }
}

/** Returns the countries of a known operator, with the weight of each; none of any other. */
export function countriesOfOperator(asn: string | null): Weighted<string> {
  return COUNTRIES_OF[asn ?? ""] ?? [];
}
