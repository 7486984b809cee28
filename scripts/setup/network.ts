/** The network that all notebooks of one `npm start` share, told to their kernels through the environment. */
import * as lib from "@course/lib";
import { step } from "./steps";

export interface SharedNetwork {
  /** What the kernels have to know. */
  env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

const none = async () => {};

/** The live network, the one that BITNODES_URL in the environment names, or a practice network of our own. */
export async function startNetwork(live: boolean): Promise<SharedNetwork> {
  if (live) {
    const api = process.env.BITNODES_URL ?? lib.LIVE_URL;
    console.error(
      `Live: your notebooks will ask ${new URL(api).host} who the nodes are, and call nodes of the real Bitcoin network from this machine, only as many as your cells call.`,
    );
    return { env: { COURSE_NETWORK: "live" }, stop: none };
  }
  if (process.env.BITNODES_URL) {
    console.error(`Your notebooks will use the network of ${process.env.BITNODES_URL} (BITNODES_URL).`);
    return { env: {}, stop: none };
  }
  const { startPracticeNetwork } = lib as unknown as {
    startPracticeNetwork?: (
      options: object,
    ) => Promise<{ api: string; peers: number; stop(): Promise<void> }>;
  };
  if (!startPracticeNetwork) return { env: {}, stop: none };
  const network = await step("Starting the practice network on 127.0.0.1", () => startPracticeNetwork({}));
  return { env: { BITNODES_URL: network.api }, stop: () => network.stop() };
}
