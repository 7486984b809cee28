/** The network that all notebooks of one `npm start` share. Their kernels find it through the environment. */
import { joinNetwork, type PopulationName, PracticeError, startPracticeNetwork } from "@course/lib/practice";
import { Failure } from "../cli/failure";
import { step } from "../cli/steps";

interface SharedNetwork {
  /** Variables for the kernels' environment. */
  env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/**
 * Joins the live network, or the one of BITNODES_URL in the environment, or starts a practice network. With
 * `population`, starts one of that year.
 *
 * @throws Failure if a practice network cannot be started.
 */
export async function startNetwork(live: boolean, population?: PopulationName): Promise<SharedNetwork> {
  if (population !== undefined || (!live && !process.env.BITNODES_URL)) return startPractice(population);
  const env = live ? { COURSE_NETWORK: "live" } : {};
  await joinNetwork({ env: { ...process.env, ...env }, log: console.error });
  return { env, stop: async () => {} };
}

async function startPractice(population?: PopulationName): Promise<SharedNetwork> {
  const what = population === undefined ? "the practice network" : `the practice network of ${population}`;
  try {
    const network = await step(`Starting ${what}`, () => startPracticeNetwork({ population }));
    if (network.note) console.error(network.note);
    // It is asked for in so many words, also where COURSE_NETWORK=live is set.
    return { env: { COURSE_NETWORK: "practice", BITNODES_URL: network.api }, stop: () => network.close() };
  } catch (error) {
    if (error instanceof PracticeError) throw new Failure(error.message);
    throw error;
  }
}
