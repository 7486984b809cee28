/** The network that all notebooks of one `npm start` share. Their kernels find it through the environment. */
import { joinNetwork, PracticeError, startPracticeNetwork } from "@course/lib/practice";
import { Failure } from "../cli/failure";
import { step } from "../cli/steps";

interface SharedNetwork {
  /** Variables for the kernels' environment. */
  env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/**
 * Joins the live network, or the one of BITNODES_URL in the environment, or starts a practice network.
 *
 * @throws Failure if a practice network cannot be started.
 */
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
