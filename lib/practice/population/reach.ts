/**
 * How nodes behind Tor and on I2P are reached: through a proxy, slowly, and not always.
 *
 * Figures are measured or estimated, as it says with each: for the estimates no source was found.
 */
import { BEHAVIOUR_NAMES, behaviourOf, type BehaviourName } from "../behaviour/behaviours";
import type { Quantiles, Random, Weighted } from "../../util/random";
import type { OverlayPeer } from "./nodes";

interface Network {
  /** The share of listed nodes that a proxy reaches. */
  reached: number;
  /** Milliseconds until a proxy has connected. */
  connectMs: Quantiles;
  /** Milliseconds of a round trip through the network. */
  roundTripMs: Quantiles;
  /** What a proxy replies if it does not reach a node. */
  failures: Weighted<number>;
}

const NETWORKS: Record<OverlayPeer["network"], Network> = {
  tor: {
    // Measured: 9,076 of 12,370 on 10 October 2026 (github.com/winnowwallet/census).
    reached: 0.7337,
    // Measured: 67 nodes of 2026, 15 of them within 10 seconds (WalletWasabi issue 15036).
    connectMs: [
      [0, 4000],
      [15 / 67, 10_000],
      [0.5, 14_600],
      [1, 29_100],
    ],
    // Estimated.
    roundTripMs: [
      [0, 400],
      [0.5, 900],
      [1, 2500],
    ],
    // Estimated. A Tor that was told so (ExtendedErrors) says more than other proxies: 0xF0 and above.
    failures: [
      [0xf0, 45],
      [0x04, 15],
      [0x06, 12],
      [0x01, 10],
      [0xf2, 6],
      [0xf7, 5],
      [0xf3, 4],
      [0x05, 3],
    ],
  },
  i2p: {
    // Measured: 4,209 of 4,375 on 10 October 2026 (github.com/winnowwallet/census).
    reached: 0.9621,
    // Estimated.
    connectMs: [
      [0, 1500],
      [0.5, 6000],
      [1, 20_000],
    ],
    // Estimated.
    roundTripMs: [
      [0, 600],
      [0.5, 1500],
      [1, 4000],
    ],
    // Estimated.
    failures: [
      [0x04, 7],
      [0x01, 3],
    ],
  },
};

/** The share of nodes that are not simply polite. Measured shares count those that answered, hence few. */
const IMPOLITE_SHARE = 0.05;

/** Behaviours of nodes that accept connections, by their shares among modern software. */
const IMPOLITE: Weighted<BehaviourName> = BEHAVIOUR_NAMES.filter(
  (name) => name !== "polite-modern" && !behaviourOf(name).refuses,
).map((name) => [name, behaviourOf(name).share(true)]);

type Reach = Pick<OverlayPeer, "behaviour" | "connectMs" | "reply" | "delayMs" | "roundTripMs" | "variant">;

/** Draws how a node of an overlay network is reached, and how it behaves then. */
export function drawReach(random: Random, network: OverlayPeer["network"]): Reach {
  const model = NETWORKS[network];
  const connectMs = Math.round(random.quantile(model.connectMs));
  const reply = random.chance(model.reached) ? 0 : random.pick(model.failures);
  const roundTripMs = Math.round(random.quantile(model.roundTripMs));
  return {
    connectMs,
    reply,
    delayMs: roundTripMs,
    roundTripMs,
    behaviour: random.chance(IMPOLITE_SHARE) ? random.pick(IMPOLITE) : "polite-modern",
    variant: random.next(),
  };
}
