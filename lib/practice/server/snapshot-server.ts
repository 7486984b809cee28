/**
 * Serves snapshots that one has made oneself, as the bitnodes API: `BITNODES_URL` can point to it.
 *
 *   GET /api/v1/                what this is
 *   GET /api/v1/snapshots/…     the bitnodes API (snapshot-routes.ts)
 */
import type { Snapshot } from "../../bitnodes/api";
import { type JsonReply, type JsonRequest, notAllowed, serveJson } from "./json-server";
import { BASE, SnapshotRoutes, type Snapshots } from "./snapshot-routes";

/** An API of one's own that is up. */
export interface SnapshotServer {
  /** Its base URL, for `BITNODES_URL`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves snapshots on a port of 127.0.0.1; 0 is any free one.
 *
 * @throws PracticeError PORT_TAKEN if another program has the port.
 * @throws RangeError if there is no snapshot, or if two have the same time.
 */
export async function serveSnapshots(snapshots: readonly Snapshot[], port = 0): Promise<SnapshotServer> {
  const stored = storedSnapshots(snapshots);
  const routes = new SnapshotRoutes(stored, 5);
  const { origin, close } = await serveJson(port, (request) => answer(request, stored, routes));
  return { url: `${origin}${BASE}`, close };
}

function answer(request: JsonRequest, stored: Snapshots, routes: SnapshotRoutes): JsonReply {
  const { method, pathname } = request;
  if (method !== "GET" && method !== "HEAD") return notAllowed(method);
  return pathname === BASE ? { status: 200, body: identity(stored) } : routes.answer(request);
}

function identity({ timestamps }: Snapshots): object {
  return {
    name: "snapshots",
    snapshots: timestamps.length,
    pid: process.pid,
    about: "Snapshots of a Bitcoin network that somebody has crawled, served by `npm run serve`.",
  };
}

/** Returns snapshots by their times. They have the fields that they have, whatever is asked for. */
function storedSnapshots(snapshots: readonly Snapshot[]): Snapshots {
  if (snapshots.length === 0) throw new RangeError("expected at least one snapshot to serve, got none");
  const byTime = new Map(snapshots.map((snapshot) => [snapshot.timestamp, snapshot]));
  if (byTime.size < snapshots.length) {
    throw new RangeError("expected snapshots of different times, got two of the same: leave one out");
  }
  return {
    timestamps: [...byTime.keys()].sort((a, b) => b - a),
    at: (timestamp) => byTime.get(timestamp),
    summary(timestamp) {
      const { total_nodes, latest_height } = byTime.get(timestamp)!;
      return { timestamp, total_nodes, latest_height };
    },
  };
}
