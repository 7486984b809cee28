/** Tells failed visits that are the peers' doing from the end of their network, which fails all of them. */
import { now } from "../util/clock";
import { FrontierError } from "./errors";

/** Time until it is asked again whether the network is there, in milliseconds. */
const ASK_MS = 100;

export class NetworkProof {
  /** Failed visits that ended before this time are the peers' doing: the network was there after it. */
  private wasThereAt = -Infinity;

  /** `isThere` resolves to whether the network is still there; without it, it always is. */
  constructor(private readonly isThere: (() => Promise<boolean>) | undefined) {}

  /**
   * Resolves to how many of the visits may be delivered: those before the first that may be the network's end.
   * `isLast` says that there is no later chance to ask.
   *
   * @throws FrontierError NETWORK_ENDED
   */
  async confirmed(
    visits: readonly { isFailed: boolean; endedAt: number }[],
    isLast: boolean,
  ): Promise<number> {
    const count = (): number => {
      const first = visits.findIndex(({ isFailed, endedAt }) => isFailed && endedAt > this.wasThereAt);
      return first < 0 ? visits.length : first;
    };
    if (!this.isThere || count() === visits.length) return visits.length;
    const time = now();
    if (time - this.wasThereAt < ASK_MS && !isLast) return count();
    if (!(await this.isThere()))
      throw new FrontierError("NETWORK_ENDED", "the network has ended during the crawl");
    this.wasThereAt = time;
    return count();
  }
}
