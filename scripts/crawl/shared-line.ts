/** The progress of a shared crawl in one line, as this machine knows it. */
import type { ProxyOptions } from "@course/lib/crawl";
import type { CrawlState } from "@course/lib/frontier";
import { formatCount } from "@course/lib/util";
import type { StatusLine } from "./progress";

interface Shown {
  /** Returns the state of the crawl, as the server last told it. */
  state(): CrawlState;
  /** How many visits may wait for a collector. */
  maxResults: number;
  proxies: ProxyOptions;
  /** Whether this machine collects the visits of all. */
  collects: boolean;
}

/** Returns a function that writes the progress, and why nothing goes on if that is so. */
export function sharedLine({ state: latest, maxResults, proxies, collects }: Shown): StatusLine {
  return ({ done: counted, rate }) => {
    const state = latest();
    const { waiting, underWay, done, heardOf, workers, uncollected } = state;
    return [
      `${formatCount(waiting)} waiting`,
      `${formatCount(underWay)} under way`,
      `${formatCount(done)} done`,
      `${formatCount(heardOf)} heard of`,
      workers === 1 ? "1 worker" : `${formatCount(workers)} workers`,
      `${formatCount(counted)} ${collects ? "collected" : "by this one"}`,
      `${formatCount(Math.round(rate))}/s`,
      ...(uncollected >= maxResults
        ? ["paused: the visits wait for a collector (--json FILE on one machine)"]
        : []),
      ...(lackProxy(state, proxies)
        ? ["paused: those that wait need a machine with a proxy (--proxy URL)"]
        : []),
    ].join(" | ");
  };
}

/** Returns whether only nodes behind Tor or on I2P seem to wait, and no machine calls these. */
function lackProxy({ waiting, underWay, done }: CrawlState, { proxy, i2pProxy }: ProxyOptions): boolean {
  return waiting > 0 && underWay === 0 && done > 0 && (proxy === undefined || i2pProxy === undefined);
}
