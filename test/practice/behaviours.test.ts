import { nodesToAddressTuples } from "@course/lib/bitnodes";
import { visit } from "@course/lib/peer";
import { type GroundTruth, type PracticeNetwork, servePracticeNetwork } from "@course/lib/practice";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** Enough that every manner occurs. */
const PEERS = 150;

let network: PracticeNetwork;
let truth: GroundTruth[];

beforeAll(async () => {
  network = await servePracticeNetwork({ peers: PEERS, latency: 0 });
  truth = await network.truth();
});
afterAll(() => network.close());

const addressOf = ({ address }: GroundTruth) => nodesToAddressTuples({ [address]: [0, "", 0, 0, 0] })[0];

describe("what a visit finds is what the truth says", () => {
  test.each(["polite-modern", "polite-old", "silent", "refusing", "hanging-up", "onion"])(
    "%s",
    async (behaviour) => {
      const those = truth.filter((entry) => entry.behaviour === behaviour);
      expect(those.length).toBeGreaterThan(0);
      const visits = await Promise.all(those.map((entry) => visit(addressOf(entry))));
      expect(visits.map(({ error }) => error?.code ?? "version")).toEqual(
        those.map(({ outcome }) => outcome),
      );
    },
  );
});
