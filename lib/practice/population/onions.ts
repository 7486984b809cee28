/**
 * Nodes behind Tor in the population of 2018: the snapshot lists them, and only the practice network's proxy
 * reaches them.
 *
 * Their names are valid Tor v3 names of random bytes, for which no private key is known.
 */
import { DEFAULT_PORT } from "../../peer/address";
import { quantilesOf, type Random } from "../../util/random";
import { torV3Host } from "../../wire/overlay-hosts";
import profile from "../profile/network-profile.json";
import type { OverlayKind } from "./model";
import type { Operator } from "./operators";
import type { Place } from "./places";
import { TIP } from "./software";
import { ONION_USER_AGENTS } from "./user-agents";
import { drawVersionInfo } from "./version-info";

const ONION_AGES = quantilesOf(profile.snapshot2022.connectedAgeSeconds.quantiles);
export const BEHIND_TOR: Place & Operator = {
  city: null,
  country: null,
  latitude: 0,
  longitude: 0,
  timezone: null,
  asn: "TOR",
  organization: "Tor network",
};

/** Draws a node behind Tor. */
export function drawOnion(random: Random): OverlayKind {
  const versionInfo = drawVersionInfo(random, random, ONION_USER_AGENTS);
  const connectedSeconds = Math.round(random.quantile(ONION_AGES));
  return {
    network: "tor",
    host: torV3Host(random.bytes(32)),
    port: DEFAULT_PORT,
    versionInfo: { ...versionInfo, startHeight: TIP },
    listing: { ...BEHIND_TOR, connectedSeconds, hostname: null },
  };
}
