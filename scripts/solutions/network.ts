/**
 * The practice network for the solutions, with real latencies, so that the lessons' statements about time are
 * true.
 */
import { PRACTICE_URL } from "@course/lib/bitnodes";
import { PracticeError, startPracticeNetwork } from "@course/lib/practice";

interface SolutionsNetwork {
  /** Variables for the kernels' environment. */
  env: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/**
 * Starts the network on the port where notebooks look for one, so that the outputs are those that a reader
 * gets.
 *
 * If that port is taken, it uses another.
 */
export async function startNetworkForSolutions(): Promise<SolutionsNetwork> {
  const network = await startPracticeNetwork({ apiPort: Number(new URL(PRACTICE_URL).port) }).catch((error) => {
    if (!(error instanceof PracticeError && error.code === "PORT_TAKEN")) throw error;
    return startPracticeNetwork();
  });
  return { env: { BITNODES_URL: network.api }, close: () => network.close() };
}
