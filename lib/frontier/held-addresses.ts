/** The addresses that a worker of a shared crawl has: at hand, under way, or over and not yet delivered. */
import { type Lane, LANES } from "../peer/lane";
import { MAX_DEATHS } from "./script";

/** An entry of the server's: an address, and how often it was given out. */
export type TakenEntry = [lane: Lane, id: string, key: string, deliveries: number];

interface Held {
  lane: Lane;
  /** Of its entry in the stream. */
  id: string;
  /** Whether its visit waits to be delivered. */
  isOver?: boolean;
}

export class HeldAddresses {
  private readonly held = new Map<string, Held>();
  /** The addresses at hand: keys of `held`. */
  private readonly ready: Readonly<Record<Lane, string[]>> = { ip: [], tor: [], i2p: [] };
  /** How many of `held` are not over, by lane. */
  private readonly open: Record<Lane, number> = { ip: 0, tor: 0, i2p: 0 };

  /** Returns how many addresses of a lane are at hand or under way. */
  openIn(lane: Lane): number {
    return this.open[lane];
  }

  /** Returns how many addresses of a lane are at hand. */
  readyIn(lane: Lane): number {
    return this.ready[lane].length;
  }

  /** Takes the first address at hand in these lanes, which is under way from then on. */
  next(lanes: readonly Lane[]): string | undefined {
    return lanes
      .map((lane) => this.ready[lane])
      .find((keys) => keys.length > 0)
      ?.shift();
  }

  /** Notes that the visit of an address is over. Returns whether it is one of these, and was not over before. */
  end(key: string): boolean {
    const held = this.held.get(key);
    if (!held || held.isOver) return false;
    held.isOver = true;
    this.open[held.lane]--;
    return true;
  }

  /** Returns lane and id of the entry of an address that is over. */
  entryOf(key: string): [lane: Lane, id: string] {
    const { lane, id } = this.held.get(key)!;
    return [lane, id];
  }

  /** Forgets an address whose visit was delivered. */
  forget(key: string): void {
    this.held.delete(key);
  }

  /** Takes what the server gives. Returns the addresses with which too many workers have died: nobody calls these. */
  receive(entries: readonly TakenEntry[]): string[] {
    const lost: string[] = [];
    for (const [lane, id, key, deliveries] of entries) {
      const held = this.held.get(key);
      if (held) {
        held.id = id; // it is at hand, under way or over: only its entry may be another one
        continue;
      }
      this.held.set(key, { lane, id });
      this.open[lane]++;
      (deliveries > MAX_DEATHS ? lost : this.ready[lane]).push(key);
    }
    return lost;
  }

  /** Drops the addresses at hand that this worker does not have any more: others have taken them over. */
  keepReadyOf(entries: readonly TakenEntry[]): void {
    const own = new Set(entries.map(([, , key]) => key));
    for (const lane of LANES) {
      for (const key of this.ready[lane].splice(0)) {
        if (own.has(key)) this.ready[lane].push(key);
        else {
          this.held.delete(key);
          this.open[lane]--;
        }
      }
    }
  }
}
