/** One small practice network for the tests of a file, ended after them. */
import { afterAll, beforeAll } from "vitest";
import {
  type LaunchedPracticeNetwork,
  type PracticeOptions,
  startPracticeNetwork,
} from "@course/lib/practice";

/** A function that gives the network, once the tests run. */
export function usePracticeNetwork(options: PracticeOptions): () => LaunchedPracticeNetwork {
  let network: LaunchedPracticeNetwork;
  beforeAll(async () => {
    network = await startPracticeNetwork(options);
  });
  afterAll(() => network.close());
  return () => network;
}
