/** Finds what an answer leaves open: sockets, servers, processes, threads, timers. */
import { setTimeout as sleep } from "node:timers/promises";
import type { AnswerPlace } from "../../checks/place/answer-place";

/**
 * How long something may stay open after the checks, in milliseconds: longer than the peers' timeout of 1 s.
 */
const GRACE_MS = 1500;
const POLL_MS = 20;

/** Kinds of `process.getActiveResourcesInfo()`, and what to tell the learner about each. */
const ADVICE: Record<string, string> = {
  TCPSocketWrap: "left an open socket behind: close it in `finally`",
  TCPServerWrap: "left a server listening: close it in `finally`",
  UDPWrap: "left a UDP socket open: close it in `finally`",
  ProcessWrap: "left a process running: end it in `finally`",
  MessagePort: "left a worker thread running: terminate it in `finally`",
  Timeout: "left a timer running: clear it in `finally`",
};

/** Returns how many resources of each kind are open now. */
export function openNow(place: AnswerPlace): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of place.openResources()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/**
 * Returns a sentence on a kind of which more is open than `before`; undefined if there is none.
 *
 * Waits up to GRACE_MS for it to close.
 */
export async function leftovers(
  before: Map<string, number>,
  place: AnswerPlace,
): Promise<string | undefined> {
  const deadline = performance.now() + GRACE_MS;
  while (newKind(before, place) && performance.now() < deadline)
    await sleep(POLL_MS, undefined, { ref: false });
  const kind = newKind(before, place);
  return kind && ADVICE[kind];
}

function newKind(before: Map<string, number>, place: AnswerPlace): string | undefined {
  const now = openNow(place);
  return Object.keys(ADVICE).find((kind) => (now.get(kind) ?? 0) > (before.get(kind) ?? 0));
}
