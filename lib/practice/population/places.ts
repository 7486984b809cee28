/**
 * The countries, cities and time zones of the peers.
 *
 * How many nodes a country has comes from the profile of the population's year. The cities are well-known
 * ones. A node without a city has the coordinates of its country's centre, as in the databases that bitnodes
 * uses.
 */
import profile from "../profile/network-profile.json";
import type { Random, Weighted } from "../../util/random";

/** Where a node is, as the bitnodes API gives it. */
export interface Place {
  city: string | null;
  country: string | null;
  latitude: number;
  longitude: number;
  timezone: string | null;
}

type City = readonly [name: string, latitude: number, longitude: number, timezone: string];

/** Cities by country. A node without a city has the time zone of the first one. */
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

/** How many nodes each country has, by ISO code. "null" stands for nodes whose country is unknown. */
export type CountryCounts = Readonly<Record<string, number>>;

/** The centre of each country of the snapshots, by ISO code. */
const CENTRES: Record<string, readonly [count: number, latitude: number, longitude: number]> = {
  ...countriesOf(profile.snapshot2022),
  ...countriesOf(profile.snapshot2018),
};

/** Returns the countries of a snapshot. Those of JSON are arrays of any length to the compiler. */
function countriesOf(snapshot: {
  "countries[count,lat,lon]": Record<string, number[]>;
}): Record<string, [count: number, latitude: number, longitude: number]> {
  return snapshot["countries[count,lat,lon]"] as Record<string, [number, number, number]>;
}

/** Returns how many nodes of a snapshot each country has. */
export function countryCountsOf(snapshot: Parameters<typeof countriesOf>[0]): CountryCounts {
  const countries = Object.entries(countriesOf(snapshot));
  return Object.fromEntries(countries.map(([code, [count]]) => [code, count]));
}

/** Draws a place: in each country in proportion to its nodes, and without a city with this probability. */
export function drawPlace(random: Random, countries: Weighted<string>, noCityShare: number): Place {
  const country = random.pick(countries);
  const [, latitude, longitude] = CENTRES[country];
  const cities = CITIES[country] ?? [];
  const hasNoCity = random.chance(noCityShare);
  const [city, cityLatitude, cityLongitude, timezone] = cities[random.integer(0, cities.length - 1)] ?? [];
  if (!city || hasNoCity) {
    const known = country === "null" ? null : country;
    return { city: null, country: known, latitude, longitude, timezone: cities[0]?.[3] ?? null };
  }
  return { city, country, latitude: cityLatitude, longitude: cityLongitude, timezone };
}
