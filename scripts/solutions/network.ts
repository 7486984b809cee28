/** The practice network that solutions are run on: as slow as life, so that the lessons' words about time are true. */
import { PRACTICE_URL } from "@course/lib/bitnodes";
import { PracticeError, startPracticeNetwork } from "@course/lib/practice";

export interface SolutionsNetwork {
  /** What the kernels have to know. */
  env: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/** Starts it where a notebook looks for one, so that the outputs are those that a reader gets; elsewhere if that port is taken. */
export async function startNetworkForSolutions(): Promise<SolutionsNetwork> {
  const network = await startPracticeNetwork({ apiPort: Number(new URL(PRACTICE_URL).port) }).catch((error) => {
    if (!(error instanceof PracticeError && error.code === "PORT_TAKEN")) throw error;
    return startPracticeNetwork();
  });
  return { env: { BITNODES_URL: network.api }, close: () => network.close() };
}
