/**
 * Nodes behind Tor: the snapshot lists them, and only the practice network's proxy reaches them.
 *
 * Their names are valid Tor v3 names of random bytes, for which no private key is known.
 */
import { DEFAULT_PORT } from "../../peer/address";
import { quantilesOf, type Random } from "../../util/random";
import { torV3Host } from "../../wire/overlay-hosts";
import profile from "../profile/network-profile.json";
import { behaviourOf } from "../behaviour/behaviours";
import type { OverlayPeer } from "./nodes";
import type { Operator } from "./operators";
import type { Place } from "./places";
import { drawReach } from "./reach";
import { TIP } from "./software";
import { ONION_USER_AGENTS } from "./user-agents";
import { drawVersionInfo } from "./version-info";

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

/** Draws a node behind Tor. How it is reached comes from the stream `reach`. */
export function drawOnion(random: Random, reach: Random): OverlayPeer {
  const usual = { ...drawVersionInfo(random, random, ONION_USER_AGENTS), startHeight: TIP };
  const connectedSeconds = Math.round(random.quantile(ONION_AGES));
  const host = torV3Host(random.bytes(32));
  const reached = drawReach(reach, "tor");
  return {
    network: "tor",
    host,
    port: DEFAULT_PORT,
    versionInfo: behaviourOf(reached.behaviour).versionInfo?.(usual) ?? usual,
    listing: { ...BEHIND_TOR, connectedSeconds, hostname: null },
    ...reached,
  };
}
