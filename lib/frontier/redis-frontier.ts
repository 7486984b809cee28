/**
 * The frontier of a crawl that several machines share: its addresses are in Redis (script.ts), and each machine
 * has some of them at hand.
 *
 *  1. `next`, `add` and `finished` work on what is at hand, and never wait
 *  2. in the background an exchange takes what has come together to the server: visits that are over, then
 *     addresses heard; it returns with new addresses, as many as there is room for. There is one exchange at a
 *     time, each EXCHANGE_MS or sooner, and each renews this worker's lease
 *  3. a visit goes with, or after, the addresses its peer has named: the crawl is never over too early
 *  4. after an error the same exchange is repeated, and asks for all that the server thinks this worker has.
 *     After a restart of the server, which may have lost its last second, it also repeats every address
 *  5. `close` delivers what is over, and gives the rest back
 */
import { visitLine } from "../data/visit-lines";
import type { AddressFrontier } from "../discovery/frontier";
import { type AddressTuple, nodeKey, parseAddress } from "../peer/address";
import { PEER_ERRORS, PeerError } from "../peer/errors";
import { type Lane, LANES } from "../peer/lane";
import type { Visit } from "../peer/visit";
import { now } from "../util/clock";
import { requirePositiveInteger } from "../util/numbers";
import { type ServerConnection, type Reply, rowsOf } from "./server-connection";
import { FrontierError } from "./errors";
import { HeldAddresses, type TakenEntry } from "./held-addresses";
import { type CrawlState, heardTriple, type Joined, noCrawl, stateOf } from "./join";
import { NetworkProof } from "./network-proof";
import { MAX_DEATHS } from "./script";
import { Outage, type OutageOptions } from "./trouble";

/** Its `onTrouble` is about exchanges; the crawl fails when these have failed for `giveUpMs`. */
export interface FrontierOptions extends OutageOptions {
  /** How many calls this machine makes at a time to addresses of the internet. */
  concurrency: number;
  /** How many through Tor and through I2P. Default: none; others call these. */
  proxies?: Partial<Record<"tor" | "i2p", number>>;
  /** This worker's name, which no other worker has. */
  worker: string;
  /** Resolves to whether the network is still there: asked before failed visits are delivered. */
  isThere?: () => Promise<boolean>;
}

/** Time from one exchange to the next, in milliseconds, if nothing makes it urgent. */
const EXCHANGE_MS = 100;
/** Time between urgent exchanges, in milliseconds: long enough for several visits to go together. */
const URGENT_MS = 5;
/** Time until a failed exchange is repeated, in milliseconds. */
const RETRY_MS = 250;
/** So many visits, or addresses, make an exchange urgent; not more than that are in one. */
const VISITS_AT_ONCE = 250;
const ADDRESSES_AT_ONCE = 2000;
/** Addresses at hand beside those that are being called, as a share of these: calling goes on during an exchange. */
const AT_HAND = 0.25;
/** How long `close` tries to reach the server, in milliseconds. */
const CLOSE_MS = 3000;

interface Finished {
  key: string;
  line: string;
  isFailed: boolean;
  endedAt: number;
  /** How many addresses had been heard by then: these go first. */
  heardBefore: number;
}

export class RedisFrontier implements AddressFrontier {
  state: CrawlState;
  private readonly held = new HeldAddresses();
  private readonly proof: NetworkProof;
  private readonly finishedVisits: Finished[] = [];
  /** All addresses that the server was told, or that it has told. */
  private readonly known = new Set<string>();
  private heard: string[] = [];
  /** How many addresses have been taken out of `heard` since the beginning. */
  private heardSent = 0;
  private mustRecover = false;
  private runId: string;
  private failure: Error | undefined;
  private isClosing = false;
  private readonly outage: Outage;
  private exchangedAt = now();
  private wake = (): void => {};
  private isHurried = false;
  /** Whether the last exchange has returned fewer addresses than there was room for. */
  private isHeldBack = false;
  private readonly listeners: (() => void)[] = [];
  private readonly loop: Promise<void>;

  /** `joined` is what `joinCrawl` has returned for this connection. */
  constructor(
    private readonly connection: ServerConnection,
    private readonly joined: Joined,
    private readonly options: FrontierOptions,
  ) {
    requirePositiveInteger("concurrency", options.concurrency);
    this.state = joined.state;
    this.runId = connection.runId;
    this.outage = new Outage(connection.shown, options);
    this.proof = new NetworkProof(options.isThere);
    this.loop = this.exchangeUntilClosed();
  }

  get heardOf(): number {
    return this.state.heardOf;
  }

  get waiting(): number {
    return this.state.waiting;
  }

  /** Of all workers. */
  get underWay(): number {
    return this.state.underWay;
  }

  /**
   * Whether the crawl is over for all workers, or this worker has left it.
   *
   * @throws FrontierError if the crawl cannot go on here.
   */
  get isDone(): boolean {
    if (this.failure) throw this.failure;
    return this.isClosing || this.state.isOver;
  }

  /** Calls `onChange` after each exchange. */
  listen(onChange: () => void): void {
    this.listeners.push(onChange);
  }

  /** Takes an address to the crawl. Returns whether it is new to this worker; the crawl may know it. */
  add(address: AddressTuple): boolean {
    const key = nodeKey(address);
    if (this.known.has(key)) return false;
    this.known.add(key);
    this.heard.push(key);
    this.hurryIfUrgent();
    return true;
  }

  /** Returns an address of a lane, or of any lane. */
  next(lane?: Lane): AddressTuple | undefined {
    const key = this.held.next(lane ? [lane] : LANES);
    this.hurryIfUrgent();
    return key === undefined ? undefined : parseAddress(key);
  }

  /** Delivers the visit of an address. If that was taken over from this worker, the first visit counts. */
  finished(address: AddressTuple, visit: Visit): void {
    const key = nodeKey(address);
    if (!this.held.end(key)) return;
    const line = visitLine({ ...visit, worker: this.options.worker });
    const { error, endedAt } = visit;
    const heardBefore = this.heardSent + this.heard.length;
    this.finishedVisits.push({ key, line, isFailed: error !== undefined, endedAt, heardBefore });
    this.hurryIfUrgent();
  }

  /** Leaves the crawl: delivers visits that are over, gives back the other addresses, and closes the connection. */
  async close(): Promise<void> {
    if (!this.isClosing) {
      this.isClosing = true;
      this.hurry();
      const inTime = setTimeout(() => this.connection.close(), CLOSE_MS);
      await this.loop;
      // What fails here costs others the seconds of the lease, and nothing else.
      await this.leave().catch(() => {});
      clearTimeout(inTime);
      this.connection.close();
    }
    await this.loop;
  }

  private async leave(): Promise<void> {
    try {
      while (!this.failure && this.finishedVisits.length + this.heard.length > 0) await this.exchange(true);
    } finally {
      await this.connection.run("leave", this.options.worker);
    }
  }

  private async exchangeUntilClosed(): Promise<void> {
    while (!this.isClosing && !this.failure) {
      const worked = await this.attempt();
      for (const listener of this.listeners) listener();
      if (this.failure || this.state.isOver) return;
      await this.pause(worked);
    }
  }

  /** Makes one exchange. Returns whether it worked; a failure that repeating does not mend is in `failure`. */
  private async attempt(): Promise<boolean> {
    try {
      await this.exchange();
      this.outage.noteSuccess();
      return true;
    } catch (error) {
      this.mustRecover = true;
      await this.noteFailure(error).catch((failure: Error) => (this.failure = failure));
      return false;
    }
  }

  /** Notes that the server cannot be used at the moment. Rejects if this has lasted for too long, or does not pass. */
  private async noteFailure(error: unknown): Promise<void> {
    const { trouble, message } = this.outage.noteFailure(error);
    if (trouble === "full") await this.connection.run("renew", this.options.worker).catch(() => {});
    if (!this.outage.isTooLong) return;
    const seconds = Math.round(this.outage.giveUpMs / 1000);
    throw new FrontierError(
      trouble === "full" ? "FULL" : "LOST",
      `${message}. That was so for ${seconds} s, and this worker gives up. Others take over its addresses; to join again, repeat the command.`,
    );
  }

  /** Resolves when it is time for the next exchange. */
  private async pause(worked: boolean): Promise<void> {
    if (this.isClosing) return;
    const isUrgent = worked && this.isUrgent;
    const ms = worked ? EXCHANGE_MS : RETRY_MS;
    await new Promise<void>((resolve) => {
      let timer = setTimeout(resolve, isUrgent ? URGENT_MS : ms);
      this.wake = () => {
        clearTimeout(timer);
        timer = setTimeout(resolve, URGENT_MS);
      };
      this.isHurried = isUrgent || !worked; // a failed exchange is repeated after its time, not before
    });
  }

  /** Returns for how many more addresses of a lane there is room, calls under way and addresses at hand together. */
  private roomOf(lane: Lane): number {
    const most = this.callsOf(lane);
    // Where all workers together are bounded, each has an equal share of it.
    const share = Math.ceil(this.joined.settings.maxUnderWay / Math.max(1, this.state.workers));
    return Math.min(most + Math.ceil(AT_HAND * most), share) - this.held.openIn(lane);
  }

  private callsOf(lane: Lane): number {
    const { concurrency, proxies } = this.options;
    return lane === "ip" ? concurrency : (proxies?.[lane] ?? 0);
  }

  private get isUrgent(): boolean {
    const over = this.finishedVisits.length;
    if (over >= VISITS_AT_ONCE || this.heard.length >= ADDRESSES_AT_ONCE) return true;
    return LANES.some((lane) => {
      const room = this.roomOf(lane);
      return (
        (this.held.readyIn(lane) === 0 && room > 0 && over + this.heard.length > 0) ||
        (this.state.waiting > 0 && !this.isHeldBack && room > (AT_HAND * this.callsOf(lane)) / 2)
      );
    });
  }

  private hurryIfUrgent(): void {
    if (!this.isHurried && this.isUrgent) this.hurry();
  }

  private hurry(): void {
    this.isHurried = true;
    this.wake();
  }

  /** Takes to the server what has come together, and brings addresses for which there is room. */
  private async exchange(isLast = false): Promise<void> {
    await this.connection.connect();
    if (this.connection.runId !== this.runId) this.repeatAll();
    const { worker } = this.options;
    const groupsAreCounted = this.joined.settings.maxPerGroup < Infinity;
    const heard = this.heard.slice(0, ADDRESSES_AT_ONCE);
    const finished = await this.deliverable(this.heardSent + heard.length);
    const recover = this.mustRecover || now() - this.exchangedAt > this.joined.settings.leaseMs;
    const rooms = LANES.map((lane) => (recover || isLast ? 0 : Math.max(0, this.roomOf(lane))));
    const [outcome, counts, taken] = await this.connection.run(
      "exchange",
      worker,
      this.connection.runId,
      recover ? 1 : 0,
      ...rooms,
      finished.length,
      ...finished.flatMap(({ key, line }) => [...this.held.entryOf(key), key, line]),
      ...heard.flatMap((key) => heardTriple(key, groupsAreCounted)),
    );
    if (outcome === "none") throw noCrawl(this.connection);
    this.exchangedAt = now();
    this.heard.splice(0, heard.length);
    this.heardSent += heard.length;
    this.finishedVisits.splice(0, finished.length);
    for (const { key } of finished) this.held.forget(key);
    this.state = stateOf(counts as Reply[]);
    const entries = rowsOf<TakenEntry>(taken as Reply[], 4);
    if (recover) this.held.keepReadyOf(entries);
    this.receive(entries);
    this.isHeldBack = entries.length < rooms.reduce((sum, room) => sum + room, 0);
    this.mustRecover = false;
  }

  /** Returns the visits that can be delivered once `heardSent` addresses are: the oldest ones. */
  private async deliverable(heardSent: number): Promise<Finished[]> {
    const visits = this.finishedVisits.slice(0, VISITS_AT_ONCE);
    const tooEarly = visits.findIndex(({ heardBefore }) => heardBefore > heardSent);
    const finished = tooEarly < 0 ? visits : visits.slice(0, tooEarly);
    return finished.slice(0, await this.proof.confirmed(finished, this.isClosing));
  }

  private receive(entries: TakenEntry[]): void {
    for (const [, , key] of entries) this.known.add(key);
    for (const key of this.held.receive(entries)) this.finished(parseAddress(key), this.lostVisit(key));
  }

  /** Sends every address again: a restarted server may have lost its last second. */
  private repeatAll(): void {
    this.runId = this.connection.runId;
    this.heard = [...this.known];
    const heardBefore = this.heardSent + this.heard.length;
    for (const visit of this.finishedVisits) visit.heardBefore = heardBefore;
  }

  private lostVisit(key: string): Visit {
    const time = now();
    const error = new PeerError("WORKER_DIED", `${PEER_ERRORS.WORKER_DIED} (${MAX_DEATHS} workers)`);
    return { address: parseAddress(key), startedAt: time, endedAt: time, error };
  }
}
