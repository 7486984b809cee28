/** What an answer leaves open behind it: sockets, servers, timers. */
import { setTimeout as sleep } from "node:timers/promises";

/** How long something may stay open after the checks, in milliseconds: longer than the second that a timeout takes. */
const GRACE_MS = 1500;
const POLL_MS = 20;

/** What Node.js calls it, and what to say of it. */
const KINDS: Record<string, string> = {
  TCPSocketWrap: "left an open socket behind: close it in `finally`",
  TCPServerWrap: "left a server listening: close it in `finally`",
  UDPWrap: "left a UDP socket open: close it in `finally`",
  ProcessWrap: "left a process running: end it in `finally`",
  MessagePort: "left a worker thread running: terminate it in `finally`",
  Timeout: "left a timer running: clear it in `finally`",
};

/** How many of each kind are open now. */
export function openNow(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** What is open now and was not before, as a sentence, once it had time to close; undefined if there is nothing. */
export async function leftovers(before: Map<string, number>): Promise<string | undefined> {
  const deadline = performance.now() + GRACE_MS;
  while (newKind(before) && performance.now() < deadline) await sleep(POLL_MS, undefined, { ref: false });
  const kind = newKind(before);
  return kind && KINDS[kind];
}

function newKind(before: Map<string, number>): string | undefined {
  const now = openNow();
  return Object.keys(KINDS).find((kind) => (now.get(kind) ?? 0) > (before.get(kind) ?? 0));
}
