/**
 * Ten thousand made-up nodes from a seed number: the same seed, the same nodes.
 *
 * Shares follow network-profile.json (snapshot of August 2018; clocks of the crawl three weeks
 * later). Nothing here depends on this machine or on the time: what does (addresses, timestamps) is
 * filled in when the network is served. A new aspect is a new line in `drawPeer` with a stream of
 * random numbers of its own.
 */
import { createHash } from "node:crypto";
import { MANNERS, type MannerName } from "./manners";
import profile from "./network-profile.json";
import { drawOperator, drawPlace, type Operator, type Place } from "./places";
import { quantilesOf, Random, type Weighted } from "./random";
import { drawHeight, ONION_USER_AGENTS, softwareOf, TIP, USER_AGENTS } from "./software";

/** What a node says of itself in its version message. */
export interface Introduction {
  version: number;
  services: number;
  userAgent: string;
  startHeight: number;
  /** Undefined: the byte is missing. */
  relay: boolean | undefined;
  /** By how much its clock is wrong, in seconds; positive is ahead. */
  clockSkewSeconds: number;
}

/** What the API's snapshot knows of a node beyond its introduction. */
export interface Listing extends Place, Operator {
  /** For how many seconds it had been connected when the snapshot was made. */
  connectedSeconds: number;
  /** Undefined: its IP address is all the name it has. */
  hostname: string | undefined | null;
}

/** A node with an IP address. */
export interface Peer {
  family: "ipv4" | "ipv6";
  /** The last two bytes of its IPv4 address, as one number. */
  hostNumber: number;
  /** Its port; 8333 stands for whatever is the network's main port. */
  port: number;
  introduction: Introduction;
  listing: Listing;
  manner: MannerName;
  /** Milliseconds from connecting to its answer, at latency factor 1. */
  delayMs: number;
  /** A number from 0 to 1 of its own, for manners that come in variants. */
  variant: number;
}

/** A node behind Tor, which no plain socket reaches. */
export interface Onion {
  host: string;
  port: number;
  introduction: Introduction;
  listing: Listing;
}

export interface Population {
  seed: number;
  peers: Peer[];
  onions: Onion[];
}

/** Bitcoin's port. */
export const MAIN_PORT = 8333;
const { ports, connectedAgeSeconds, hostname, rows, family } = profile.snapshot2018;

const FAMILIES: Weighted<Peer["family"]> = [
  ["ipv4", 1 - 0.1],
  ["ipv6", 0.1],
];
/** The ports of the snapshot; 0 stands for its "(other)". */
const PORTS: Weighted<number> = Object.entries(ports).map(([port, count]) => [Number(port) || 0, count]);

/** How wrong clocks are, in whole seconds, as the crawl of August 2018 found them. */
const CLOCK_SKEWS: Weighted<readonly [low: number, high: number]> = [
  [[0, 0], 780],
  [[-1, 1], 120],
  [[-10, 10], 60],
  [[-60, 60], 15],
  [[-300, 300], 15],
  [[-7000, 7000], 4],
  // Set to the wrong time zone, or to the wrong half of the year.
  [[3600, 3600], 4],
  [[-3600, -3600], 2],
];

/** The made-up nodes of `seed`. `onions` come besides the `count` peers. */
export function populate(seed: number, count: number, onions: number = Math.round(count * 0.03)): Population {
  const draw = (aspect: string) => new Random(seed, aspect);
  const streams = {
    family: draw("family"),
    port: draw("port"),
    software: draw("software"),
    place: draw("place"),
    operator: draw("operator"),
    listing: draw("listing"),
    clock: draw("clock"),
    manner: draw("manner"),
    delay: draw("delay"),
    onion: draw("onion"),
  };
  const hosts = draw("host").distinct(count, FIRST_HOST, LAST_HOST);
  return {
    seed,
    peers: hosts.map((hostNumber) => drawPeer(streams, hostNumber)),
    onions: Array.from({ length: onions }, () => drawOnion(streams.onion)),
  };
}

/** 127.x.0.0 to 127.x.0.255 are not for peers. */
const FIRST_HOST = 256;
const LAST_HOST = 65_534;
/** How many peers there can be at most. */
export const MAX_PEERS = LAST_HOST - FIRST_HOST + 1;

type Streams = Record<
  "family" | "port" | "software" | "place" | "operator" | "listing" | "clock" | "manner" | "delay",
  Random
>;

function drawPeer(streams: Streams, hostNumber: number): Peer {
  const introduction = drawIntroduction(streams.software, streams.clock, USER_AGENTS);
  const place = drawPlace(streams.place);
  const operator = drawOperator(streams.operator, place.country);
  return {
    family: streams.family.pick(FAMILIES),
    hostNumber,
    port: drawPort(streams.port),
    introduction,
    listing: { ...place, ...operator, ...drawListing(streams.listing, operator) },
    manner: drawManner(streams.manner, introduction.userAgent),
    delayMs: drawDelay(streams.delay, place),
    variant: streams.manner.next(),
  };
}

function drawIntroduction(random: Random, clock: Random, userAgents: Weighted<string>): Introduction {
  const userAgent = random.pick(userAgents);
  const software = softwareOf(userAgent);
  return {
    version: random.pick(software.protocolVersion),
    services: random.pick(software.services),
    userAgent,
    startHeight: drawHeight(random, software),
    relay: software.noRelayByte ? undefined : true,
    clockSkewSeconds: clock.integer(...clock.pick(CLOCK_SKEWS)),
  };
}

/** A port as in the snapshot; the rest is spread below the ports that this machine calls from. */
function drawPort(random: Random): number {
  return random.pick(PORTS) || random.integer(1024, 30_000);
}

const AGES = quantilesOf(connectedAgeSeconds.quantiles);
const OLDEST_AGE = connectedAgeSeconds.quantiles["1"];
/** In the minute in which the snapshot's crawler was restarted it connected to every sixth node. */
const SINCE_RESTART = connectedAgeSeconds.within60sOfOldest / rows;

function drawAge(random: Random): number {
  if (random.chance(SINCE_RESTART)) return OLDEST_AGE - random.integer(0, 59);
  return Math.min(Math.round(random.quantile(AGES)), OLDEST_AGE - 60);
}

const NAMELESS = hostname.equalsIp / (rows - family.torv2);

function drawListing(random: Random, operator: Operator): Pick<Listing, "connectedSeconds" | "hostname"> {
  const connectedSeconds = drawAge(random);
  const domain = (operator.organization ?? "unknown")
    .toLowerCase()
    .match(/[a-z0-9]+/g)!
    .slice(0, 2)
    .join("-");
  const name = `node-${random.integer(1, 99_999)}.${domain}.example`;
  return { connectedSeconds, hostname: random.chance(NAMELESS) ? undefined : name };
}

function drawManner(random: Random, userAgent: string): MannerName {
  const modern = softwareOf(userAgent).modern ?? false;
  return random.pick(
    Object.entries(MANNERS).map(([name, manner]) => [name as MannerName, manner.share(modern)]),
  );
}

/** Buenos Aires: most nodes are far from here, as they are from most readers. */
const HERE = { latitude: -34.6, longitude: -58.4 };
/** Light in glass goes 200 km in a millisecond, and cables take detours. */
const KM_PER_MS = 200;
const DETOUR = 1.3;
/** Shares of peers whose answer takes so many times as long as the distance says. */
const BURDENS: Weighted<readonly [low: number, high: number]> = [
  [[1, 1.2], 86],
  [[1.2, 2], 10],
  [[3, 15], 4],
];

/** Two round trips, one to connect and one to ask, plus what the last mile and the machine take. */
function drawDelay(random: Random, place: Place): number {
  const wayMs = (distanceKm(HERE, place) / KM_PER_MS) * DETOUR;
  const roundTripMs = 2 * wayMs + random.between(4, 40);
  const delayMs = 2 * roundTripMs * random.between(...random.pick(BURDENS));
  return awayFromLimit(Math.round(delayMs));
}

/** Nobody answers so close to one second that it depends on the caller's machine who is in time. */
function awayFromLimit(delayMs: number): number {
  if (delayMs < 850 || delayMs > 1200) return delayMs;
  return delayMs < 1000 ? delayMs - 150 : delayMs + 200;
}

/** Along the surface of the earth (haversine). */
function distanceKm(a: { latitude: number; longitude: number }, b: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half = (from: number, to: number) => Math.sin(radians(to - from) / 2) ** 2;
  const h =
    half(a.latitude, b.latitude) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(a.longitude, b.longitude);
  return 2 * 6371 * Math.asin(Math.sqrt(h));
}

const ONION_AGES = quantilesOf(profile.snapshot2022.connectedAgeSeconds.quantiles);
const BEHIND_TOR: Place & Operator = {
  city: null,
  country: null,
  latitude: 0,
  longitude: 0,
  timezone: null,
  asn: "TOR",
  organization: "Tor network",
};

function drawOnion(random: Random): Onion {
  const introduction = drawIntroduction(random, random, ONION_USER_AGENTS);
  const connectedSeconds = Math.round(random.quantile(ONION_AGES));
  return {
    host: onionHost(random.bytes(32)),
    port: MAIN_PORT,
    introduction: { ...introduction, startHeight: TIP },
    listing: { ...BEHIND_TOR, connectedSeconds, hostname: null },
  };
}

/** The version 3 onion address of a public key (rend-spec-v3, 6): 56 characters of base32. */
export function onionHost(publicKey: Uint8Array): string {
  const version = Uint8Array.of(3);
  const checksum = createHash("sha3-256")
    .update(".onion checksum")
    .update(publicKey)
    .update(version)
    .digest();
  const bytes = Buffer.concat([publicKey, checksum.subarray(0, 2), version]);
  return `${base32(bytes)}.onion`;
}

/** RFC 4648, in lower case and without padding. */
function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  const groups = bits.match(/.{5}/g) ?? [];
  return groups.map((group) => "abcdefghijklmnopqrstuvwxyz234567"[parseInt(group, 2)]).join("");
}
