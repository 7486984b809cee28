/**
 * Small snapshots for the checks, in both formats of the API.
 * Their addresses are reserved for documentation (RFC 5737, RFC 3849).
 */
import type { NodeDetails, Nodes, Snapshot } from "../../bitnodes/api";

/** A node's array in the format since November 2025: five fields. */
export const FIVE_FIELDS: NodeDetails = [70016, "/Satoshi:29.0.0/", 1787000000, 3081, 965123];

/** A node's array in the format until then: thirteen fields, some of them null. */
export const THIRTEEN_FIELDS: NodeDetails = [
  70015,
  "/Satoshi:0.16.3/",
  1532300000,
  1037,
  533400,
  "node.example",
  null,
  "DE",
  51.3,
  9.5,
  "Europe/Berlin",
  "AS64496",
  "Example Network",
];

/** Returns a snapshot of these nodes. Its other numbers are invented. */
export function snapshotOf(nodes: Nodes): Snapshot {
  return { timestamp: 1787001234, total_nodes: Object.keys(nodes).length, latest_height: 965124, nodes };
}

/** Returns nodes with these keys, of five fields each. */
export function nodesNamed(keys: readonly string[]): Nodes {
  return Object.fromEntries(keys.map((key) => [key, FIVE_FIELDS]));
}

export const OLD_SNAPSHOT: Snapshot = snapshotOf({
  "192.0.2.17:8333": THIRTEEN_FIELDS,
  "[2001:db8::17]:8333": THIRTEEN_FIELDS,
  "expyuzz4wqqyqhjn.onion:8333": THIRTEEN_FIELDS,
});

export const NEW_SNAPSHOT: Snapshot = snapshotOf({
  "198.51.100.4:8333": FIVE_FIELDS,
  "[2001:db8:4::4]:18333": FIVE_FIELDS,
});
