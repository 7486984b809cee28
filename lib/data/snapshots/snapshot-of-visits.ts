/** A snapshot of one's own, in the shape of the bitnodes API: the nodes that answered a crawl. */
import type { NodeDetails, Snapshot } from "../../bitnodes/api";
import { nodeKey } from "../../peer/address";
import type { Visit } from "../../peer/visit";
import { toUnixMs } from "../../util/clock";
import { replaceInvalidBytes } from "../../wire/text";
import type { VersionMessage } from "../../wire/version-message";
import { countBy } from "../statistics";

/** Puts a snapshot together from visits, of which it keeps little. */
export class SnapshotBuilder {
  private readonly nodes = new Map<string, NodeDetails>();
  private endedAt = -Infinity;

  /** Adds the node of a visit, if it has sent its version message. Of two visits to a node the later counts. */
  add({ address, versionMessage, connectedAt, startedAt, endedAt }: Visit): void {
    this.endedAt = Math.max(this.endedAt, endedAt);
    if (versionMessage) this.nodes.set(nodeKey(address), detailsOf(versionMessage, connectedAt ?? startedAt));
  }

  /** How many nodes it has. */
  get size(): number {
    return this.nodes.size;
  }

  /**
   * Returns the snapshot. Its time is the end of the last visit, in Unix seconds; its `latest_height` is the
   * height that most nodes name, since a single node may name any.
   */
  snapshot(): Snapshot {
    return {
      timestamp: unixSeconds(this.endedAt),
      total_nodes: this.nodes.size,
      latest_height: usualHeight([...this.nodes.values()]),
      nodes: Object.fromEntries(this.nodes),
    };
  }
}

/** Returns the snapshot of the nodes that answered, with the five fields that the API has given since 2025. */
export function snapshotOf(visits: Iterable<Visit>): Snapshot {
  const builder = new SnapshotBuilder();
  for (const visit of visits) builder.add(visit);
  return builder.snapshot();
}

function detailsOf({ version, userAgent, services, startHeight }: VersionMessage, since: number): NodeDetails {
  return [version, replaceInvalidBytes(userAgent), unixSeconds(since), Number(services), startHeight];
}

/** Converts milliseconds of the monotonic clock to Unix seconds; 0 if there is no time. */
function unixSeconds(ms: number): number {
  return Number.isFinite(ms) ? Math.floor(toUnixMs(ms) / 1000) : 0;
}

/** Returns the height that most nodes have, the higher one of two; 0 if there are no nodes. */
function usualHeight(nodes: readonly NodeDetails[]): number {
  const counts = [...countBy(nodes, ([, , , , height]) => String(height))];
  const [usual = ["0", 0]] = counts.sort(([a, m], [b, n]) => n - m || Number(b) - Number(a));
  return Number(usual[0]);
}
