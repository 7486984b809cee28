/**
 * Statistics of a crawl and of a snapshot: counts, clock skews, lags, waiting time.
 */
import type { Snapshot } from "../bitnodes/api";
import { toUnixMs } from "../util/clock";
import type { Visit } from "../peer/visit";

/**
 * Returns how many items have each key, the most frequent key first.
 *
 * Keys with equal counts stay in the order of their first items. No items give an empty map.
 */
export function countBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const name = key(item);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}

/**
 * Returns the release in a Bitcoin Core user agent, by its first two numbers.
 *
 * `/Satoshi:0.16.3/` is 0.16, `/Satoshi:27.1.0/Knots:20240801/` is 27.1.
 * Returns undefined for other software, and if there are no two numbers.
 */
export function releaseOf(userAgent: string): string | undefined {
  return /^\/Satoshi:(\d+\.\d+)/.exec(userAgent)?.[1];
}

/**
 * Returns by how many seconds each clock was wrong when its peer answered; positive is ahead.
 *
 * Visits without a version message are left out. Version messages have whole seconds, so a clock that
 * is right gives -1 to 0.
 */
export function clockSkews(visits: Visit[]): number[] {
  return visits.flatMap(({ versionMessage, firstByteAt, endedAt }) => {
    if (!versionMessage) return [];
    const answeredAt = toUnixMs(firstByteAt ?? endedAt) / 1000;
    return [Number(versionMessage.timestamp) - answeredAt];
  });
}

/**
 * Returns how many blocks each peer with a version message is behind `tip`.
 *
 * A peer that reports a greater height has a negative lag. One that reports height 0 has a lag of `tip`.
 */
export function heightLags(visits: Visit[], tip: number): number[] {
  return visits.flatMap(({ versionMessage }) => (versionMessage ? [tip - versionMessage.startHeight] : []));
}

/**
 * Returns the smallest number of network operators that together have at least half of the nodes.
 *
 * Nodes without a known operator (null, no such field, Tor) do not count. If no others are left, returns 0.
 */
export function operatorsHoldingHalf({ nodes }: Snapshot): number {
  const asns = Object.values(nodes).map((node) => node[11] ?? "TOR");
  const known = asns.filter((asn) => asn !== "TOR");
  let operators = 0;
  let held = 0;
  for (const count of countBy(known, (asn) => asn).values()) {
    if (2 * held >= known.length) break;
    held += count;
    operators++;
  }
  return operators;
}

/**
 * Returns the share of the visits' total time that was spent waiting for peers, from 0 to 1.
 *
 * Our own work is sending, and reading what became a version message. All other time is waiting.
 * Returns 0 if the visits took no time.
 */
export function waitingShare(visits: Visit[]): number {
  let totalMs = 0;
  let workingMs = 0;
  for (const visit of visits) {
    totalMs += visit.endedAt - visit.startedAt;
    workingMs += timeWorking(visit);
  }
  return totalMs === 0 ? 0 : 1 - workingMs / totalMs;
}

/**
 * Returns the milliseconds of a visit that were our own work.
 *
 * A peer that sends only the beginning of an answer makes us wait.
 */
function timeWorking({ connectedAt, sentAt, firstByteAt, endedAt, versionMessage }: Visit): number {
  const sending = connectedAt === undefined || sentAt === undefined ? 0 : sentAt - connectedAt;
  const reading = firstByteAt === undefined || !versionMessage ? 0 : endedAt - firstByteAt;
  return sending + reading;
}

/**
 * Returns the seconds per version message, from the start of the first visit to the end of the last.
 *
 * Failed visits count as time too. Returns Infinity if no visit has a version message.
 */
export function averageSecondsPerAnswer(visits: Visit[]): number {
  const answers = visits.filter(({ versionMessage }) => versionMessage).length;
  if (answers === 0) return Infinity;
  const start = Math.min(...visits.map(({ startedAt }) => startedAt));
  const end = Math.max(...visits.map(({ endedAt }) => endedAt));
  return (end - start) / 1000 / answers;
}
