/**
 * Nodes behind Tor: they stand in the snapshot, and no plain socket reaches them.
 *
 * Their addresses are made as Tor makes them (https://spec.torproject.org/rend-spec/encoding-onion-addresses.html)
 * from keys that nobody has.
 */
import { createHash } from "node:crypto";
import { DEFAULT_PORT } from "../../peer/address";
import { drawVersionInfo } from "./version-info";
import profile from "../profile/network-profile.json";
import type { Onion } from "./nodes";
import type { Operator } from "./operators";
import type { Place } from "./places";
import { quantilesOf, type Random } from "../../util/random";
import { TIP } from "./software";
import { ONION_USER_AGENTS } from "./user-agents";

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

export function drawOnion(random: Random): Onion {
  const versionInfo = drawVersionInfo(random, random, ONION_USER_AGENTS);
  const connectedSeconds = Math.round(random.quantile(ONION_AGES));
  return {
    host: onionHost(random.bytes(32)),
    port: DEFAULT_PORT,
    versionInfo: { ...versionInfo, startHeight: TIP },
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
