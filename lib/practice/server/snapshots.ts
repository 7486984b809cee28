/**
 * The snapshots of the API: one of the network's start, and 143 older ones, ten minutes apart.
 *
 * An older snapshot has the nodes that were connected by then, with the heights of that time.
 */
import { type AddressTuple, addressString } from "../../peer/address";
import type { NodeDetails, Nodes } from "../../bitnodes/api";
import { replaceInvalidBytes } from "../../wire/text";
import type { OverlayPeer, Peer } from "../population/nodes";
import type { ListedPeer } from "./mapped-duplicates";
import type { FieldCount, Snapshots } from "./snapshot-routes";

const SECONDS_BETWEEN = 600;
const SNAPSHOTS_KEPT = 144;

/** A node in the snapshots, and the Unix time since which it is connected. */
interface Entry {
  key: string;
  node: Peer | OverlayPeer;
  since: number;
}

/** Returns the snapshots of a network that starts now, whose best chain has the height `tip`. */
export function snapshotsOf(
  listed: readonly ListedPeer[],
  overlay: readonly OverlayPeer[],
  tip: number,
): Snapshots {
  const latest = Math.floor(Date.now() / 1000);
  const entry = (node: Peer | OverlayPeer, address: AddressTuple): Entry => ({
    key: addressString(address),
    node,
    since: latest - node.listing.connectedSeconds,
  });
  const entries = [
    ...listed.map(({ peer, address }) => entry(peer, address)),
    ...overlay.map((peer) => entry(peer, [peer.host, peer.port])),
  ];
  const timestamps = Array.from({ length: SNAPSHOTS_KEPT }, (_, i) => latest - i * SECONDS_BETWEEN);
  const heightAt = (timestamp: number) => tip - Math.floor((latest - timestamp) / SECONDS_BETWEEN);
  const summary = (timestamp: number) => ({
    timestamp,
    total_nodes: entries.filter(({ since }) => since <= timestamp).length,
    latest_height: heightAt(timestamp),
  });
  const nodesAt = (timestamp: number, fields: FieldCount): Nodes =>
    Object.fromEntries(
      entries
        .filter(({ since }) => since <= timestamp)
        .map((entry) => [
          entry.key,
          details(entry, tip, tip - heightAt(timestamp)).slice(0, fields) as NodeDetails,
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

/**
 * Returns the fields of a node as they were `blocksAgo` blocks ago: only nodes near the tip had a lower
 * height.
 */
function details({ key, node, since }: Entry, tip: number, blocksAgo: number): NodeDetails {
  const { versionInfo, listing } = node;
  const { startHeight } = versionInfo;
  return [
    versionInfo.version,
    replaceInvalidBytes(versionInfo.userAgent),
    since,
    versionInfo.services,
    Math.abs(startHeight - tip) <= 2 ? startHeight - blocksAgo : startHeight,
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
