/** Practice networks for tests, closed when the tests that use them are over. */
import { type PracticeNetwork, type PracticeOptions, servePracticeNetwork } from "@course/lib/practice";
import { beforeAll, onTestFinished } from "vitest";
import { PROGRAM } from "./limits";

/**
 * Serves one practice network for all tests of the file that calls this.
 *
 * The network is in this process. With `startPracticeNetwork` as `serve` it is in a child process.
 *
 * @returns a function that returns the network. It can be called in tests and in later hooks.
 */
export function usePracticeNetwork(
  options: PracticeOptions,
  serve: (options: PracticeOptions) => Promise<PracticeNetwork> = servePracticeNetwork,
): () => PracticeNetwork {
  let network: PracticeNetwork;
  beforeAll(async () => {
    network = await serve(options);
    return () => network.close();
  }, PROGRAM);
  return () => network;
}

/** Serves a practice network for one test. */
export async function practiceNetwork(options: PracticeOptions): Promise<PracticeNetwork> {
  const network = await servePracticeNetwork(options);
  onTestFinished(() => network.close());
  return network;
}
