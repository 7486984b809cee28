/**
 * Where the peers are and who connects them: countries, cities, time zones, network operators.
 *
 * Counts of countries and operators come from network-profile.json. Cities are well-known ones; a
 * node without a city stands at its country's middle, as in the databases that bitnodes uses.
 * Operators beyond the profile's forty are made up, with numbers for private use (RFC 6996).
 */
import profile from "./network-profile.json";
import type { Random, Weighted } from "./random";

/** Where a peer is, as the bitnodes API tells it. */
export interface Place {
  city: string | null;
  country: string | null;
  latitude: number;
  longitude: number;
  timezone: string | null;
}

/** Who a peer's connection belongs to. */
export interface Operator {
  asn: string | null;
  organization: string | null;
}

type City = readonly [name: string, latitude: number, longitude: number, timezone: string];

/** Cities by country; the first one's time zone is that of nodes without a city. */
const CITIES: Record<string, readonly City[]> = {
  US: [
    ["Ashburn", 39.0438, -77.4874, "America/New_York"],
    ["New York", 40.7128, -74.006, "America/New_York"],
    ["Chicago", 41.8781, -87.6298, "America/Chicago"],
    ["Dallas", 32.7767, -96.797, "America/Chicago"],
    ["Denver", 39.7392, -104.9903, "America/Denver"],
    ["San Francisco", 37.7749, -122.4194, "America/Los_Angeles"],
    ["Los Angeles", 34.0522, -118.2437, "America/Los_Angeles"],
    ["Seattle", 47.6062, -122.3321, "America/Los_Angeles"],
  ],
  DE: [
    ["Frankfurt am Main", 50.1109, 8.6821, "Europe/Berlin"],
    ["Nuremberg", 49.4521, 11.0767, "Europe/Berlin"],
    ["Falkenstein", 50.4779, 12.3713, "Europe/Berlin"],
    ["Berlin", 52.52, 13.405, "Europe/Berlin"],
    ["Munich", 48.1351, 11.582, "Europe/Berlin"],
  ],
  CN: [
    ["Hangzhou", 30.2741, 120.1551, "Asia/Shanghai"],
    ["Shanghai", 31.2304, 121.4737, "Asia/Shanghai"],
    ["Beijing", 39.9042, 116.4074, "Asia/Shanghai"],
    ["Shenzhen", 22.5431, 114.0579, "Asia/Shanghai"],
  ],
  FR: [
    ["Paris", 48.8566, 2.3522, "Europe/Paris"],
    ["Roubaix", 50.6927, 3.1778, "Europe/Paris"],
    ["Strasbourg", 48.5734, 7.7521, "Europe/Paris"],
  ],
  NL: [
    ["Amsterdam", 52.3676, 4.9041, "Europe/Amsterdam"],
    ["Rotterdam", 51.9244, 4.4777, "Europe/Amsterdam"],
  ],
  CA: [
    ["Montreal", 45.5019, -73.5674, "America/Toronto"],
    ["Toronto", 43.6532, -79.3832, "America/Toronto"],
    ["Vancouver", 49.2827, -123.1207, "America/Vancouver"],
  ],
  RU: [
    ["Moscow", 55.7558, 37.6173, "Europe/Moscow"],
    ["Saint Petersburg", 59.9311, 30.3609, "Europe/Moscow"],
    ["Novosibirsk", 55.0084, 82.9357, "Asia/Novosibirsk"],
  ],
  GB: [
    ["London", 51.5074, -0.1278, "Europe/London"],
    ["Manchester", 53.4808, -2.2426, "Europe/London"],
  ],
  JP: [
    ["Tokyo", 35.6762, 139.6503, "Asia/Tokyo"],
    ["Osaka", 34.6937, 135.5023, "Asia/Tokyo"],
  ],
  SG: [["Singapore", 1.3521, 103.8198, "Asia/Singapore"]],
  HK: [["Central", 22.2799, 114.1588, "Asia/Hong_Kong"]],
  KR: [["Seoul", 37.5665, 126.978, "Asia/Seoul"]],
  CH: [["Zurich", 47.3769, 8.5417, "Europe/Zurich"]],
  AU: [
    ["Sydney", -33.8688, 151.2093, "Australia/Sydney"],
    ["Melbourne", -37.8136, 144.9631, "Australia/Melbourne"],
    ["Perth", -31.9523, 115.8613, "Australia/Perth"],
  ],
  UA: [["Kyiv", 50.4501, 30.5234, "Europe/Kiev"]],
  SE: [["Stockholm", 59.3293, 18.0686, "Europe/Stockholm"]],
  CZ: [["Prague", 50.0755, 14.4378, "Europe/Prague"]],
  LT: [["Vilnius", 54.6872, 25.2797, "Europe/Vilnius"]],
  PL: [["Warsaw", 52.2297, 21.0122, "Europe/Warsaw"]],
  FI: [["Helsinki", 60.1699, 24.9384, "Europe/Helsinki"]],
  IE: [["Dublin", 53.3498, -6.2603, "Europe/Dublin"]],
  IT: [["Milan", 45.4642, 9.19, "Europe/Rome"]],
  ES: [["Madrid", 40.4168, -3.7038, "Europe/Madrid"]],
  BG: [["Sofia", 42.6977, 23.3219, "Europe/Sofia"]],
  AT: [["Vienna", 48.2082, 16.3738, "Europe/Vienna"]],
  NO: [["Oslo", 59.9139, 10.7522, "Europe/Oslo"]],
  GR: [["Athens", 37.9838, 23.7275, "Europe/Athens"]],
  BR: [["Sao Paulo", -23.5505, -46.6333, "America/Sao_Paulo"]],
  RO: [["Bucharest", 44.4268, 26.1025, "Europe/Bucharest"]],
  AR: [["Buenos Aires", -34.6037, -58.3816, "America/Argentina/Buenos_Aires"]],
  ZA: [["Johannesburg", -26.2041, 28.0473, "Africa/Johannesburg"]],
  TW: [["Taipei", 25.033, 121.5654, "Asia/Taipei"]],
  NZ: [["Auckland", -36.8509, 174.7645, "Pacific/Auckland"]],
  TH: [["Bangkok", 13.7563, 100.5018, "Asia/Bangkok"]],
  IN: [["Mumbai", 19.076, 72.8777, "Asia/Kolkata"]],
};

/** In which countries an operator has its nodes, for those of the profile that are in few. */
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
};

const COUNTRIES = profile.snapshot2018["countries[count,lat,lon]"] as unknown as Record<
  string,
  [count: number, latitude: number, longitude: number]
>;
const COUNTRY_WEIGHTS: Weighted<string> = Object.entries(COUNTRIES).map(([code, [count]]) => [code, count]);

/** How many nodes have no city: about every third. */
const NO_CITY = profile.snapshot2018.nulls.city / profile.snapshot2018.rows;

/** A place, in a country as often as in the snapshot. */
export function drawPlace(random: Random): Place {
  const country = random.pick(COUNTRY_WEIGHTS);
  const [, latitude, longitude] = COUNTRIES[country];
  const cities = CITIES[country] ?? [];
  const inNoCity = random.chance(NO_CITY);
  const [city, cityLatitude, cityLongitude, timezone] = cities[random.integer(0, cities.length - 1)] ?? [];
  if (!city || inNoCity) {
    const known = country === "null" ? null : country;
    return { city: null, country: known, latitude, longitude, timezone: cities[0]?.[3] ?? null };
  }
  return { city, country, latitude: cityLatitude, longitude: cityLongitude, timezone: timezone };
}

/** Operators by country, with how many of its nodes each is to have there. */
const OPERATORS = new Map<string, [Operator, number][]>();
for (const [asn, organization, count] of profile.snapshot2018.asn.top40 as [string, string, number][]) {
  const countries = COUNTRIES_OF[asn] ?? [];
  const whole = countries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [country, weight] of countries) {
    const there = OPERATORS.get(country) ?? [];
    OPERATORS.set(country, [...there, [{ asn, organization }, (count * weight) / whole]]);
  }
}

const NO_OPERATOR =
  profile.snapshot2018.nulls.city && profile.snapshot2018.asn.null / profile.snapshot2018.rows;
const FIRST_PRIVATE_ASN = 64512;
const LAST_PRIVATE_ASN = 65534;

/** Who connects a node in `country`: a well-known operator as often as in the snapshot, or one of a thousand small ones. */
export function drawOperator(random: Random, country: string | null): Operator {
  if (random.chance(NO_OPERATOR)) return { asn: null, organization: null };
  const known = OPERATORS.get(country ?? "") ?? [];
  const theirs = known.reduce((sum, [, count]) => sum + count, 0);
  const all = COUNTRIES[country ?? "null"][0];
  const small = Math.max(all - theirs, all * 0.03);
  return random.pick([...known, [undefined, small] as const]) ?? drawSmallOperator(random, country);
}

/** A small operator: few have many nodes and many have one. Each works in one country. */
function drawSmallOperator(random: Random, country: string | null): Operator {
  const spread = LAST_PRIVATE_ASN - FIRST_PRIVATE_ASN + 1;
  const offset = [...(country ?? "")].reduce((sum, letter) => sum * 37 + letter.charCodeAt(0), 0);
  const rank = Math.floor(smallOperatorsIn(country) * random.next() ** 2);
  const number = FIRST_PRIVATE_ASN + ((offset * 53 + rank) % spread);
  return { asn: `AS${number}`, organization: `Network ${number}` };
}

/** A country with more nodes has more small operators. */
function smallOperatorsIn(country: string | null): number {
  return Math.ceil(COUNTRIES[country ?? "null"][0] / 7);
}
