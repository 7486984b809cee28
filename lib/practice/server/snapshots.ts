/**
 * What the API tells of the network: a snapshot of now, and older ones of the day before.
 *
 * An older snapshot holds the nodes that were connected by then, at the heights of then.
 */
import { type AddressTuple, addressString } from "../../peer/address";
import type { NodeDetails, Nodes, Snapshot } from "../../bitnodes/api";
import type { Onion, Peer } from "../population/nodes";
import { TIP } from "../population/software";
import type { ListedPeer } from "./mapped-duplicates";

/** The snapshots of a practice network. */
export interface Snapshots {
  /** Unix times of all snapshots, newest first. */
  readonly timestamps: readonly number[];
  /** The snapshot of that time; undefined if there is none. */
  at(timestamp: number, fields: 5 | 13): Snapshot | undefined;
  /** A line of the list of snapshots. */
  summary(timestamp: number): Omit<Snapshot, "nodes">;
}

const SECONDS_BETWEEN = 600;
const SNAPSHOTS_KEPT = 144;

interface Entry {
  key: string;
  node: Peer | Onion;
  since: number;
}

/** The snapshots of a network that starts now. */
export function snapshotsOf(listed: readonly ListedPeer[], onions: Onion[]): Snapshots {
  const latest = Math.floor(Date.now() / 1000);
  const entry = (node: Peer | Onion, address: AddressTuple): Entry => ({
    key: addressString(address),
    node,
    since: latest - node.listing.connectedSeconds,
  });
  const entries = [
    ...listed.map(({ peer, address }) => entry(peer, address)),
    ...onions.map((onion) => entry(onion, [onion.host, onion.port])),
  ];
  const timestamps = Array.from({ length: SNAPSHOTS_KEPT }, (_, i) => latest - i * SECONDS_BETWEEN);
  const heightAt = (timestamp: number) => TIP - Math.floor((latest - timestamp) / SECONDS_BETWEEN);
  const summary = (timestamp: number) => ({
    timestamp,
    total_nodes: entries.filter(({ since }) => since <= timestamp).length,
    latest_height: heightAt(timestamp),
  });
  const nodesAt = (timestamp: number, fields: 5 | 13): Nodes =>
    Object.fromEntries(
      entries
        .filter(({ since }) => since <= timestamp)
        .map((entry) => [
          entry.key,
          details(entry, TIP - heightAt(timestamp)).slice(0, fields) as NodeDetails,
        ]),
    );
  return {
    timestamps,
    summary,
    at: (timestamp, fields) =>
      timestamps.includes(timestamp)
        ? { ...summary(timestamp), nodes: nodesAt(timestamp, fields) }
        : undefined,
  };
}

/** A node's array, as it was `blocksAgo` blocks ago. */
function details({ key, node, since }: Entry, blocksAgo: number): NodeDetails {
  const { versionInfo, listing } = node;
  const { startHeight } = versionInfo;
  return [
    versionInfo.version,
    wellFormed(versionInfo.userAgent),
    since,
    versionInfo.services,
    Math.abs(startHeight - TIP) <= 2 ? startHeight - blocksAgo : startHeight,
    listing.hostname === undefined ? key.replace(/:\d+$/, "").replace(/[[\]]/g, "") : listing.hostname,
    listing.city,
    listing.country,
    listing.latitude,
    listing.longitude,
    listing.timezone,
    listing.asn,
    listing.organization,
  ];
}

/** JSON is UTF-8, so a user agent that is not loses its other bytes here, as it would in any API. */
function wellFormed(userAgent: string): string {
  return Buffer.from(userAgent, "utf8").toString("utf8");
}
