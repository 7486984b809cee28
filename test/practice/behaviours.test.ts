import { parseAddress, visit } from "@course/lib/peer";
import type { GroundTruth } from "@course/lib/practice";
import { beforeAll, expect, test } from "vitest";
import { usePracticeNetwork } from "../helpers/practice-network";

/** Enough that each of these behaviours occurs. */
const PEERS = 150;
const network = usePracticeNetwork({ peers: PEERS, latency: 0 });
let truth: GroundTruth[];
beforeAll(async () => {
  truth = await network().truth();
});

test.each(["polite-modern", "polite-old", "silent", "refusing", "hanging-up", "onion"])(
  "visits to %s peers have the outcome of the ground truth",
  async (behaviour) => {
    const peers = truth.filter((entry) => entry.behaviour === behaviour);
    expect(peers.length).toBeGreaterThan(0);
    const visits = await Promise.all(peers.map(({ address }) => visit(parseAddress(address))));
    expect(visits.map(({ error }) => error?.code ?? "version")).toEqual(peers.map(({ outcome }) => outcome));
  },
);
