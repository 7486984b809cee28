/**
 * The practice network: thousands of Bitcoin nodes and their bitnodes API, on loopback, in one process.
 *
 *  1. the API's port is taken, and a block of addresses
 *  2. every peer that does not refuse listens
 *  3. each connection becomes a Conversation
 *  4. the API tells of them all, of some under two spellings
 */
import { openFilesLimit } from "../../util/open-files";
import { AddressBooks } from "../behaviour/address-books";
import { type Api, serveApi } from "./api";
import { type AddressRange, claimRange, LAYOUT, type Layout } from "./loopback-ranges";
import { Listeners, type ConnectionCounts } from "./listeners";
import { BEHAVIOUR_NAMES, type BehaviourName } from "../behaviour/behaviours";
import { MAX_PEERS, populate } from "../population/population";
import { PracticeError } from "./practice-error";
import { snapshotsOf } from "./snapshots";
import { mappedDuplicates } from "./mapped-duplicates";
import { type GroundTruth, groundTruthOf } from "./ground-truth";
import { formatCount } from "../../util/numbers";

export interface PracticeOptions {
  /** How many peers; those behind Tor come on top, and the second spellings of some addresses. 10,000 if not given. */
  peers?: number;
  /** The same seed, the same network. 1 if not given. */
  seed?: number;
  /** What the delays are multiplied by: 1 is real life, 0 answers at once. 1 if not given. */
  latency?: number;
  /** Port of the API; 0, as when not given, is any that is free. */
  apiPort?: number;
  /** How many fields the API tells of a node. 13 if not given. */
  fields?: 5 | 13;
  /** The API answers 429 from the start. */
  throttled?: boolean;
  /** Only peers of these manners, each as often as the other, and nobody behind Tor. All manners by their shares if not given. */
  behaviours?: readonly BehaviourName[];
  /** How addresses are made; as the operating system allows if not given. */
  layout?: Layout;
}

/** A practice network that is up. */
export interface PracticeNetwork {
  /** Base URL of its API, for `BITNODES_URL`. */
  readonly api: string;
  readonly peers: number;
  readonly seed: number;
  /** A sentence about what is not as usual, if anything is. */
  readonly note?: string;
  /** What is true of every address in the snapshot, in its order: who is there, and what comes of calling. */
  truth(): Promise<GroundTruth[]>;
  /** What the peers have seen so far, to hold against what a crawl says. */
  statistics(): Promise<ConnectionCounts>;
  /** Makes the API answer 429, or makes it answer again. */
  throttle(on: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Serves a practice network in this process. Rejects with a PracticeError that says what to do. */
export async function servePracticeNetwork(options: PracticeOptions = {}): Promise<PracticeNetwork> {
  const settings = withDefaults(options);
  requirePeers(settings.peers);
  requireBehaviours(settings.behaviours);
  requireFiles(settings.peers);
  const { peers, onions } = populate(settings.seed, settings.peers, settings.behaviours);
  const api = await serveApi(settings);
  const block = await claimRange(settings.layout).catch(async (error: unknown) => {
    await api.close();
    throw error;
  });
  const listeners = new Listeners(settings.latency);
  try {
    const addresses = await listeners.open(peers, block);
    listeners.books = new AddressBooks(settings.seed, peers, addresses);
    const listed = peers.map((peer, i) => ({ peer, address: addresses[i] }));
    listed.push(...(await mappedDuplicates(listed)));
    const truth = groundTruthOf(listed, onions, settings.latency);
    api.publish({
      snapshots: snapshotsOf(listed, onions),
      truth,
      statistics: () => listeners.statistics(),
      known: listeners.books.known,
    });
    return networkOf(settings, api, block, listeners, truth);
  } catch (error) {
    await Promise.all([api.close(), block.release(), listeners.close()]);
    throw error;
  }
}

type Settings = Required<Omit<PracticeOptions, "behaviours">> & Pick<PracticeOptions, "behaviours">;

function withDefaults(options: PracticeOptions): Settings {
  const { peers = 10_000, seed = 1, latency = 1, apiPort = 0 } = options;
  const { fields = 13, throttled = false, layout = LAYOUT, behaviours } = options;
  return { peers, seed, latency, apiPort, fields, throttled, layout, behaviours };
}

function networkOf(
  { peers, seed }: { peers: number; seed: number },
  api: Api,
  block: AddressRange,
  listeners: Listeners,
  truth: GroundTruth[],
): PracticeNetwork {
  return {
    api: api.url,
    peers,
    seed,
    note: block.note,
    truth: async () => truth,
    statistics: async () => listeners.statistics(),
    throttle: async (on) => api.throttle(on),
    close: async () => {
      await Promise.all([api.close(), block.release(), listeners.close()]);
    },
  };
}

/** Files that are open besides the peers' listeners, connections of a small crawl among them. */
const OTHER_FILES = 256;

/** Throws TOO_FEW_FILES if this process may not have enough open files for so many peers. */
function requireFiles(peers: number): void {
  const needed = peers + OTHER_FILES;
  const limit = openFilesLimit();
  if (limit >= needed) return;
  throw new PracticeError(
    "TOO_FEW_FILES",
    `${formatCount(peers)} peers need ${formatCount(needed)} open files, and this machine allows a process ${formatCount(limit)}: use fewer peers (--peers ${Math.max(1, limit - 2 * OTHER_FILES)}), or raise the limit (ulimit -n ${needed})`,
  );
}

function requirePeers(peers: number): void {
  if (Number.isInteger(peers) && peers >= 1 && peers <= MAX_PEERS) return;
  throw new PracticeError("BAD_OPTION", `expected 1 to ${formatCount(MAX_PEERS)} peers, got ${peers}`);
}

function requireBehaviours(behaviours: readonly BehaviourName[] | undefined): void {
  if (!behaviours) return;
  const unknown = behaviours.find((name) => !BEHAVIOUR_NAMES.includes(name));
  if (behaviours.length > 0 && unknown === undefined) return;
  throw new PracticeError(
    "BAD_OPTION",
    `expected behaviours out of ${BEHAVIOUR_NAMES.join(", ")}, got ${unknown === undefined ? "none" : `"${unknown}"`}`,
  );
}
