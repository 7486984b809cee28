/** What has changed between two snapshots: who came, who left, who changed version, who moved. */
import type { NodeDetails, Snapshot } from "../../bitnodes/api";
import { type AddressTuple, canonicalAddress, nodeKey, parseAddress } from "../../peer/address";

/** A node that is in both snapshots, and says something else than before. */
export interface Change {
  /** In the later snapshot. */
  address: string;
  from: string;
  to: string;
}

/** What two snapshots have in common, and what not. Addresses are text, in one spelling each. */
export interface SnapshotComparison {
  /** How many nodes each snapshot has. A node that is listed twice counts once. */
  before: number;
  after: number;
  /** Nodes with the same address in both. */
  stayed: string[];
  /** Nodes in the later snapshot alone, without those that moved. */
  came: string[];
  /** Nodes in the earlier snapshot alone, without those that moved. */
  left: string[];
  /** Hosts that were at one port, and are at another: `from` and `to` are addresses. */
  moved: Change[];
  /** Nodes that stayed or moved, with the user agents that they had and have. */
  changedVersion: Change[];
  /** Nodes that stayed, with the operators (AS numbers) that they had and have, where both snapshots say. */
  changedOperator: Change[];
}

/** Compares two snapshots, of which `before` is the earlier one. */
export function compareSnapshots(before: Snapshot, after: Snapshot): SnapshotComparison {
  const [old, young] = [nodesOf(before), nodesOf(after)];
  const stayed = [...young.keys()].filter((address) => old.has(address));
  const gone = [...old.keys()].filter((address) => !young.has(address));
  const fresh = [...young.keys()].filter((address) => !old.has(address));
  const moved = movesBetween(gone, fresh);
  const [from, to] = [new Set(moved.map((move) => move.from)), new Set(moved.map((move) => move.to))];
  const same = stayed.map((address) => ({ address, from: address, to: address }));
  const changes = (pairs: readonly Change[], field: (node: NodeDetails) => string | undefined) =>
    pairs.flatMap((pair) => changeOf(pair, field(old.get(pair.from)!), field(young.get(pair.to)!)));
  return {
    before: old.size,
    after: young.size,
    stayed,
    came: fresh.filter((address) => !to.has(address)),
    left: gone.filter((address) => !from.has(address)),
    moved,
    changedVersion: changes([...same, ...moved], ([, userAgent]) => userAgent),
    changedOperator: changes(same, (node) => node[11] ?? undefined),
  };
}

/** Returns the nodes by their addresses in one spelling. What is no address stays as it is. */
function nodesOf({ nodes }: Snapshot): Map<string, NodeDetails> {
  return new Map(Object.entries(nodes).map(([key, details]) => [spelledOnce(key), details]));
}

function spelledOnce(key: string): string {
  const address = addressIn(key);
  return address ? nodeKey(address) : key;
}

function addressIn(text: string): AddressTuple | undefined {
  try {
    return parseAddress(text);
  } catch {
    return undefined;
  }
}

/** Returns the hosts that are gone from a port and new at another, the first port with the first. */
function movesBetween(gone: readonly string[], fresh: readonly string[]): Change[] {
  const byHost = new Map<string, string[]>();
  for (const from of gone) {
    const host = hostOf(from);
    byHost.set(host, [...(byHost.get(host) ?? []), from]);
  }
  return fresh.flatMap((to) => {
    const from = byHost.get(hostOf(to))?.shift();
    return from === undefined ? [] : [{ address: to, from, to }];
  });
}

function hostOf(text: string): string {
  const address = addressIn(text);
  return address ? canonicalAddress(address)[0] : text;
}

function changeOf({ address }: Change, from: string | undefined, to: string | undefined): Change[] {
  return from === undefined || to === undefined || from === to ? [] : [{ address, from, to }];
}
