/**
 * The finished crawler: many visits at a time, and never more than a bound.
 *
 * A visit takes up a slot from its start until the loop over the crawl has taken it. So a slow loop slows
 * the crawl, and memory depends on the bound, not on the number of addresses.
 *
 * Connections are opened in batches, and the event loop polls its sockets after each batch. Deadlines are
 * fair (deadlines.ts): no peer times out because this process is late.
 */
import { AddressSource, type Source } from "./address-source";
import type { AddressTuple } from "../peer/address";
import {
  Connection,
  type ConnectionListener,
  type ConnectionOptions,
  type GossipListener,
} from "./connection";
import { CrawlLane } from "./crawl-lane";
import { lanesOf, type ProxyOptions } from "./lanes";
import { requireSockets } from "../util/open-files";
import { shouldDowngrade } from "../peer/downgrade";
import { proxyFailure } from "../peer/proxy";
import { now } from "../util/clock";
import type { PeerError } from "../peer/errors";
import type { Visit } from "../peer/visit";
import { requireV2 } from "../transport/elligator-swift";
import { KeyPool } from "../transport/key-pool";
import { type RunningCrawl, takeVisits, VisitBuffer } from "./visit-buffer";
import { formatCount } from "../util/numbers";
import { serializePacket } from "../wire/packet";
import { ADDRV2_VERSION } from "../wire/addrv2";
import { OUR_VERSION_MESSAGE, VersionMessage } from "../wire/version-message";

export interface CrawlOptions extends ProxyOptions {
  /** Visits at a time, at most, without those through proxies. Default: 1,000; with `v2` 250 (`defaultConcurrency`). */
  concurrency?: number;
  /** Limit for connecting, and again for the answer, in v2 for each of two, in milliseconds. Default: 1,000. */
  timeoutMs?: number;
  /**
   * Whether to call peers encrypted (BIP 324) first, and those that do not understand it once more, in clear
   * text. Default: false. It costs some milliseconds of processor time per peer that does.
   */
  v2?: boolean;
  /**
   * What is known of whether a node speaks v2, from its services (bit 11) in a list or in gossip. With `v2`, those
   * of which it returns false are called in clear text at once; the others are tried. Not asked in threads.
   */
  speaksV2?: (address: AddressTuple) => boolean | undefined;
  /** Ends the crawl when aborted: closes its sockets and drops the visits under way. */
  signal?: AbortSignal;
}

/**
 * Returns how many visits to make at a time by default. A handshake in v2 takes some two milliseconds of a
 * processor on either side: a thousand peers that share a machine would answer later than within a second.
 */
export function defaultConcurrency(v2: boolean): number {
  return v2 ? 250 : 1000;
}

export interface AskingOptions extends CrawlOptions {
  /**
   * The version message that we send. Default: `ASKING_VERSION_MESSAGE`. With a protocol version below 70016, peers are
   * not told that we read `addrv2`.
   */
  versionMessage?: VersionMessage;
}

/** `OUR_VERSION_MESSAGE` with the protocol version of software that reads `addrv2`. */
export const ASKING_VERSION_MESSAGE = new VersionMessage({ ...OUR_VERSION_MESSAGE, version: ADDRV2_VERSION });

/** Connections opened before the event loop polls its sockets again. */
const BATCH = 64;
/** Visits under way above which there is a pause after each batch. */
const PACING_THRESHOLD = 1000;
/**
 * Length of that pause, as a multiple of the time the batch took. Accepting a connection costs more than
 * opening one, and the peers of the practice network share this machine.
 */
const PACING_FACTOR = 6;
/** Size of the buffer that all sockets read into, in bytes: what Node.js would allocate for each read. */
const READ_BUFFER_LENGTH = 64 * 1024;

/**
 * Visits all addresses, `concurrency` at a time, and yields each visit as soon as it is over.
 *
 * A failed visit has an `error` and does not stop the crawl. An address is taken when there is room for its
 * visit, so there may be any number of them; with a proxy, up to 100,000 are taken ahead, to find those that it
 * is for. Leaving the loop early closes every socket.
 *
 * @throws RangeError if an option is out of range, if this process may not open that many sockets, or if
 * this Node.js is too old for v2.
 * @throws ProxyError if a proxy that was given is not there.
 * @throws what the loop over the addresses throws, once the visits under way are over.
 */
export function crawl(
  addresses: Iterable<AddressTuple> | AsyncIterable<AddressTuple>,
  options: CrawlOptions = {},
): AsyncGenerator<Visit, void, undefined> {
  const most = Array.isArray(addresses) ? addresses.length : Infinity;
  const sourceOf = (onChange: () => void) => new AddressSource(addresses, onChange);
  return takeVisits(() => new Crawl(sourceOf, most, options), options.signal);
}

/** Where a crawl that asks takes its addresses from, and takes the addresses to that its peers know. */
export interface Rumours extends Source, GossipListener {
  /** Calls `onChange` when there may be addresses again, or none any more, and no peer of this crawl is why. */
  listen?(onChange: () => void): void;
}

/**
 * Visits addresses as `crawl` does, and asks each peer for the addresses it knows.
 *
 * It goes on until `rumours` is empty. It looks there for addresses whenever a peer has sent some, and when a
 * visit has been taken.
 *
 * @throws RangeError if an option is out of range, or if this process may not open that many sockets.
 */
export function crawlAsking(
  rumours: Rumours,
  options: AskingOptions = {},
): AsyncGenerator<Visit, void, undefined> {
  const sourceOf = (onChange: () => void) => {
    rumours.listen?.(onChange);
    return rumours;
  };
  return takeVisits(() => new Crawl(sourceOf, Infinity, options, rumours), options.signal);
}

/** A crawl in this thread. */
class Crawl implements RunningCrawl, ConnectionListener {
  readonly visits = new VisitBuffer();
  readonly readBuffer = new Uint8Array(READ_BUFFER_LENGTH);
  readonly keys = new KeyPool();
  readonly greeting: Buffer;
  readonly version: number;
  readonly gossip: GossipListener | undefined;
  private readonly transportTo: (address: AddressTuple) => "v1" | "v2";
  private readonly source: Source;
  private readonly lanes: readonly CrawlLane[];
  private readonly connections = new Map<Connection, CrawlLane>();
  private immediate: NodeJS.Immediate | undefined;
  private pause: NodeJS.Timeout | undefined;

  /** There are not more than `most` addresses to visit. */
  constructor(
    sourceOf: (onChange: () => void) => Source,
    most: number,
    options: AskingOptions,
    gossip?: GossipListener,
  ) {
    const { v2 = false, concurrency = defaultConcurrency(v2) } = options;
    const { versionMessage = gossip ? ASKING_VERSION_MESSAGE : OUR_VERSION_MESSAGE } = options;
    this.greeting = packetOf(versionMessage);
    this.version = versionMessage.version;
    this.lanes = lanesOf({ ...options, concurrency }).map((bounds) => new CrawlLane(bounds));
    requireSockets(Math.min(most, this.slots));
    if (v2) requireV2();
    const { speaksV2 = () => undefined } = options;
    this.transportTo = (address) => (v2 && speaksV2(address) !== false ? "v2" : "v1");
    this.source = sourceOf(() => this.fill());
    this.gossip = gossip && this.fillingWith(gossip);
  }

  /** How many visits may be under way, in all lanes. */
  private get slots(): number {
    return this.lanes.reduce((sum, { slots }) => sum + slots, 0);
  }

  /** Returns `gossip`, which also makes the crawl call the addresses that are new. */
  private fillingWith(gossip: GossipListener): GossipListener {
    return {
      isWanted: (time, key, networkId) => gossip.isWanted(time, key, networkId),
      onAddresses: (addresses) => {
        try {
          gossip.onAddresses(addresses);
          this.fill();
        } catch (error) {
          this.visits.fail(error); // the listener's error, not the peer's
        }
      },
    };
  }

  get isFinished(): boolean {
    return this.connections.size === 0 && this.visits.length === 0 && this.source.isEmpty;
  }

  /** Schedules `openBatch` for after the next poll of the event loop. During a pause the timer does it. */
  fill(): void {
    if (!this.pause) this.immediate ??= setImmediate(this.openBatch);
  }

  end(): void {
    this.source.close();
    for (const lane of this.lanes) lane.clear();
    clearImmediate(this.immediate);
    clearTimeout(this.pause);
    for (const connection of this.connections.keys()) connection.destroy();
    this.connections.clear();
    this.visits.close();
  }

  onSent(connection: Connection): void {
    this.connections.get(connection)?.onSent(connection);
  }

  onVersion(connection: Connection): void {
    this.connections.get(connection)?.onVersion(connection);
  }

  onAnswer(connection: Connection): void {
    this.connections.get(connection)?.onAnswer(connection);
  }

  onClose(connection: Connection): void {
    const { visit } = connection;
    const lane = this.connections.get(connection);
    if (!lane) return;
    lane.delete(connection);
    this.connections.delete(connection);
    if (shouldDowngrade(visit)) {
      this.start(visit.address, lane, { transport: "v1", startedAt: visit.startedAt });
    } else if (isProxyMissing(visit)) this.visits.fail(proxyFailure(lane.bounds.proxy!, visit.error));
    else if (isFileLimitError(visit) && this.connections.size > 0) this.lowerConcurrency(lane, visit.address);
    else this.visits.push(visit);
  }

  /** Starts visits while slots are free: one batch now, the next one later. */
  private readonly openBatch = (): void => {
    this.immediate = this.pause = undefined;
    const startedAt = now();
    let opened = 0;
    for (const lane of this.lanes) {
      while (lane.open + this.visits.length < lane.slots) {
        if (opened++ === BATCH) return this.scheduleBatch(now() - startedAt);
        const address = this.source.take(lane.takes);
        if (!address) break;
        this.start(address, lane, { transport: this.transportTo(address) });
      }
    }
    this.visits.notify();
  };

  /** Opens the next batch, after a pause if many calls are under way; `batchMs` is how long the last took, in ms. */
  private scheduleBatch(batchMs: number): void {
    if (this.connections.size <= PACING_THRESHOLD) this.fill();
    else this.pause = setTimeout(this.openBatch, PACING_FACTOR * batchMs);
  }

  private start(address: AddressTuple, lane: CrawlLane, options: ConnectionOptions): void {
    const connection = new Connection(this, address, { ...options, proxy: lane.bounds.proxy });
    this.connections.set(connection, lane);
    lane.add(connection);
    connection.start();
  }

  /** Lowers the number of slots to the sockets that could be opened, and puts the address back. */
  private lowerConcurrency(lane: CrawlLane, address: AddressTuple): void {
    lane.slots = Math.max(1, lane.open);
    this.source.putBack(address);
    process.emitWarning(
      `the system has no more files to open (EMFILE): the crawl goes on with ${formatCount(this.slots)} visits at a time`,
    );
  }
}

/** Returns the packet as a Buffer: a socket copies any other array into a Buffer at each write. */
function packetOf(versionMessage: VersionMessage): Buffer {
  return Buffer.from(serializePacket("version", versionMessage.toBytes()));
}

function isFileLimitError({ error }: Visit): boolean {
  return error?.code === "TOO_MANY_FILES";
}

type MissingProxy = Visit & { error: PeerError };

function isProxyMissing(visit: Visit): visit is MissingProxy {
  return visit.error?.code === "PROXY_MISSING";
}
