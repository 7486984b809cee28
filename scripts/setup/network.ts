/** The network that all notebooks of one `npm start` share, told to their kernels through the environment. */
import { joinNetwork, PracticeError, startPracticeNetwork } from "@course/lib/practice";
import { Failure } from "../cli/failure";
import { step } from "../cli/steps";

export interface SharedNetwork {
  /** What the kernels have to know. */
  env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** The live network, or the one that BITNODES_URL in the environment names, or a practice network of our own. Throws a Failure if that cannot be had. */
export async function startNetwork(live: boolean): Promise<SharedNetwork> {
  if (!live && !process.env.BITNODES_URL) return startPractice();
  const env = live ? { COURSE_NETWORK: "live" } : {};
  await joinNetwork({ env: { ...process.env, ...env }, log: console.error });
  return { env, stop: async () => {} };
}

async function startPractice(): Promise<SharedNetwork> {
  try {
    const network = await step("Starting the practice network", () => startPracticeNetwork());
    if (network.note) console.error(network.note);
    return { env: { BITNODES_URL: network.api }, stop: () => network.close() };
  } catch (error) {
    if (error instanceof PracticeError) throw new Failure(error.message);
    throw error;
  }
}
