/** Reads the list of nodes: the bitnodes API and its snapshots. */
export { nodesToAddressStrings, nodesToAddressTuples } from "./addresses";
export {
  getBitnodesApiResponse,
  getNodes,
  noAnswer,
  type NodeDetails,
  type Nodes,
  parseSnapshot,
  refusal,
  type Snapshot,
} from "./api";
export { BitnodesError } from "./errors";
export { BITNODES_URL, GRADING_URL, LIVE_URL, PRACTICE_URL, setBitnodesUrl } from "./url";
