/**
 * Notices that the practice network ends during a crawl.
 *
 * All its addresses then refuse connections. That says nothing about its peers, so a failed visit waits until
 * the network has answered after it. Visits that still wait when the network has ended are dropped, and a
 * resumed crawl calls their addresses again.
 */
import type { Visit } from "@course/lib/peer";
import type { Network } from "@course/lib/practice";
import { now } from "@course/lib/util";
import { request } from "undici";

/** The practice network has ended during a crawl. */
export class NetworkEnded extends Error {
  override readonly name = "NetworkEnded";
}

/** How many failed visits wait, at most. */
const MAX_WAITING = 64;
/** From this time after the last answer on, in milliseconds, the next failed visit asks the network. */
const ASK_AFTER_MS = 500;
/** How often the network is asked before it counts as ended, and how long each answer may take, in milliseconds. */
const ATTEMPTS = 3;
const ANSWER_MS = 10_000;

/** Resolves to whether the network is there. */
export type IsThere = () => Promise<boolean>;

/** Resolves to a function that asks the practice network. Other networks always count as there. */
export async function networkCheck({ name, BITNODES_URL }: Network): Promise<IsThere> {
  if (name !== "practice") return async () => true;
  const pid = await processOf(BITNODES_URL);
  return async () => pid !== undefined && (await processOf(BITNODES_URL)) === pid;
}

/** Resolves to the id of the process that serves the practice network, if it answers. */
async function processOf(url: string): Promise<number | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      const { body } = await request(url, { headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS });
      return ((await body.json()) as { pid?: number }).pid;
    } catch {
      // A connection that was kept open may have ended: a new one tells.
    }
  }
  return undefined;
}

/**
 * Yields the visits: those with a version message at once, the others after the network has answered.
 *
 * Drops those that still wait when `signal` is aborted: the network may be ended by the same request.
 *
 * @throws NetworkEnded if it does not answer.
 */
export async function* whileThere<V extends Visit>(
  visits: AsyncIterable<V>,
  isThere: IsThere,
  signal: AbortSignal,
): AsyncGenerator<V, void, undefined> {
  const waiting: V[] = [];
  let answeredAt = now();
  const confirmed = async () => {
    if (waiting.length > 0 && !(await isThere())) throw new NetworkEnded("the practice network has ended");
    answeredAt = now();
    return waiting.splice(0);
  };
  for await (const visit of visits) {
    if (visit.versionMessage) {
      yield visit;
      continue;
    }
    waiting.push(visit);
    if (waiting.length >= MAX_WAITING || now() - answeredAt > ASK_AFTER_MS) yield* await confirmed();
  }
  if (!signal.aborted) yield* await confirmed();
}
