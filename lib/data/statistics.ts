/**
 * What a crawl and a snapshot say about the network, in numbers.
 */
import type { Snapshot } from "../bitnodes/api";
import { toUnixMs } from "../util/clock";
import type { Visit } from "../peer/visit";

/** How many items have each key, the most frequent first; of equally many, the one that came first. No items give an empty map. */
export function countBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const name = key(item);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}

/** The release that a Bitcoin Core user agent names, by its first two numbers: `/Satoshi:0.16.3/` is 0.16, `/Satoshi:27.1.0/Knots:20240801/` is 27.1. Undefined for other software, and where there are no two numbers. */
export function releaseOf(userAgent: string): string | undefined {
  return /^\/Satoshi:(\d+\.\d+)/.exec(userAgent)?.[1];
}

/** By how many seconds each clock was wrong when its peer answered, positive is ahead; visits without a version message are left out. Version messages count whole seconds, so a clock that is right shows -1 to 0. */
export function clockSkews(visits: Visit[]): number[] {
  return visits.flatMap(({ versionMessage, firstByteAt, endedAt }) => {
    if (!versionMessage) return [];
    const answeredAt = toUnixMs(firstByteAt ?? endedAt) / 1000;
    return [Number(versionMessage.timestamp) - answeredAt];
  });
}

/** How many blocks each peer that gave a version message is behind `tip`; one that claims more has a negative lag, one that claims none is behind by all of them. */
export function heightLags(visits: Visit[], tip: number): number[] {
  return visits.flatMap(({ versionMessage }) => (versionMessage ? [tip - versionMessage.startHeight] : []));
}

/** The fewest network operators that together have at least half of the snapshot's nodes. Nodes whose operator nobody knows (null, no such field, Tor) are left out of the whole; if that leaves none, 0. */
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

/** The part of the visits' summed time that was spent waiting for peers, from 0 to 1. Our own work is sending, and reading what became a version message; all else is waiting. 0 if there was no time at all. */
export function waitingShare(visits: Visit[]): number {
  let totalMs = 0;
  let workingMs = 0;
  for (const visit of visits) {
    totalMs += visit.endedAt - visit.startedAt;
    workingMs += timeWorking(visit);
  }
  return totalMs === 0 ? 0 : 1 - workingMs / totalMs;
}

/** The milliseconds of a visit that were our own work. Who sends the beginning of an answer and no more lets us wait. */
function timeWorking({ connectedAt, sentAt, firstByteAt, endedAt, versionMessage }: Visit): number {
  const sending = connectedAt === undefined || sentAt === undefined ? 0 : sentAt - connectedAt;
  const reading = firstByteAt === undefined || !versionMessage ? 0 : endedAt - firstByteAt;
  return sending + reading;
}

/** How many seconds passed for each version message: from the start of the first visit to the end of the last, visits that failed included. Infinity if there was no answer. */
export function averageSecondsPerAnswer(visits: Visit[]): number {
  const answers = visits.filter(({ versionMessage }) => versionMessage).length;
  if (answers === 0) return Infinity;
  const start = Math.min(...visits.map(({ startedAt }) => startedAt));
  const end = Math.max(...visits.map(({ endedAt }) => endedAt));
  return (end - start) / 1000 / answers;
}
