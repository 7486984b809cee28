/**
 * Joins a network: chooses between the practice network, the live one, and a given bitnodes API.
 *
 * They differ in one setting, the URL of the bitnodes API. The API lists the nodes, and the same code
 * calls them.
 */
import { GRADING_URL, setBitnodesUrl } from "../bitnodes/url";
import type { JoinOptions, Network } from "./choose-network";

/**
 * Chooses the network to call, sets the URL of the bitnodes API and logs whose nodes will be called.
 *
 *  - `COURSE_NETWORK=live`: the live network
 *  - `BITNODES_URL` is set: the network that this API lists
 *  - else: the practice network. If it is not running, or not with this share of v2 or not of this year, this
 *    starts it; it then ends with this process.
 *
 * @throws RangeError if `COURSE_NETWORK` is neither `practice` nor `live`.
 * @throws PracticeError if the practice network cannot start.
 */
export async function joinNetwork(options: JoinOptions = {}): Promise<Network> {
  const network = isGrading(options) ? GRADING : await chosen(options);
  setBitnodesUrl(network.BITNODES_URL);
  return network;
}

const GRADING: Network = { name: "grading", BITNODES_URL: GRADING_URL, seeds: [] };

/** Returns whether this is the grader, which joins in each notebook of each learner, with nothing there to call. */
function isGrading({ env = process.env }: JoinOptions): boolean {
  return env.COURSE_GRADING === "1";
}

/** Loads what calls a network only when one is called. */
async function chosen(options: JoinOptions): Promise<Network> {
  const { chooseNetwork } = await import("./choose-network");
  return chooseNetwork(options);
}
