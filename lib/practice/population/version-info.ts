/**
 * The version messages of made-up nodes: the user agent, what goes with it, and the clock.
 */
import type { VersionInfo } from "../behaviour/version-info";
import type { Random, Weighted } from "../../util/random";
import { drawHeight, softwareOf } from "./software";

/** How far clocks are wrong, in whole seconds, as the crawl of August 2018 found. */
export const CLOCK_SKEWS: Weighted<readonly [low: number, high: number]> = [
  [[0, 0], 780],
  [[-1, 1], 120],
  [[-10, 10], 60],
  [[-60, 60], 15],
  [[-300, 300], 15],
  [[-7000, 7000], 4],
  // Set to the wrong time zone, or to the wrong half of the year.
  [[3600, 3600], 4],
  [[-3600, -3600], 2],
];

/**
 * Draws one of `userAgents` and the fields that go with it.
 *
 * `clock` is the random stream for the node's clock.
 */
export function drawVersionInfo(random: Random, clock: Random, userAgents: Weighted<string>): VersionInfo {
  const userAgent = random.pick(userAgents);
  const software = softwareOf(userAgent);
  return {
    version: random.pick(software.protocolVersion),
    services: random.pick(software.services),
    userAgent,
    startHeight: drawHeight(random, software),
    relay: software.noRelayByte ? undefined : true,
    clockSkewSeconds: clock.integer(...clock.pick(CLOCK_SKEWS)),
  };
}
