/**
 * The bitnodes API: a list of the nodes that another crawler has found.
 *
 * https://bitnodes.io/api/
 * The API has returned two formats: thirteen fields per node until November 2025, and five since. The
 * service has moved five times, so its address is a setting, `BITNODES_URL`.
 */
import { request } from "undici";
import { z } from "zod";
import { BitnodesError } from "./errors";
import { BITNODES_URL } from "./url";
import { formatCount } from "../util/numbers";

/**
 * What the API says about one node. The fields from `hostname` on are missing since November 2025; before,
 * each of them could be null.
 */
export type NodeDetails = [
  protocolVersion: number,
  userAgent: string,
  /** Unix time, in seconds. */
  connectedSince: number,
  services: number,
  height: number,
  hostname?: string | null,
  city?: string | null,
  country?: string | null,
  latitude?: number | null,
  longitude?: number | null,
  timezone?: string | null,
  /** `AS24940`, or `TOR`. */
  asn?: string | null,
  organization?: string | null,
];

/** The nodes of a snapshot, by address as text. */
export type Nodes = Record<string, NodeDetails>;

export interface Snapshot {
  /** Unix time, in seconds. */
  timestamp: number;
  total_nodes: number;
  latest_height: number;
  nodes: Nodes;
}

/**
 * Returns the newest snapshot of the API at `BITNODES_URL`.
 *
 * @throws BitnodesError if there is no answer, if its status is not 200, or if it is not a snapshot.
 */
export async function getBitnodesApiResponse(): Promise<Snapshot> {
  const response = await request(new URL("snapshots/latest/", BITNODES_URL)).catch(noAnswer);
  const body = await response.body.text();
  if (response.statusCode !== 200) {
    throw refusal(response.statusCode, response.headers["retry-after"], body);
  }
  return parseSnapshot(body);
}

/**
 * Returns the nodes of the newest snapshot, by address.
 *
 * @throws BitnodesError as `getBitnodesApiResponse` does.
 */
export async function getNodes(): Promise<Nodes> {
  const snapshot = await getBitnodesApiResponse();
  return snapshot.nodes;
}

/** Returns the error for an answer whose status is not 200: with its text, and when to ask again. */
export function refusal(
  status: number,
  retryAfter: string | string[] | undefined,
  body: string,
): BitnodesError {
  const seconds = Number(retryAfter) || undefined;
  const advice = seconds ? `; it may be asked again in ${formatCount(seconds)} seconds` : "";
  return new BitnodesError(
    `the bitnodes API answered ${status}: ${body.slice(0, 200)}${advice}`,
    status,
    seconds,
  );
}

/**
 * Throws the error for a request without an answer.
 *
 * @throws BitnodesError that says which URL was asked, and what to check.
 */
export function noAnswer(error: Error): never {
  throw new BitnodesError(
    `no answer from ${BITNODES_URL} (${error.message}): is the practice network, or the service, running?`,
    undefined,
    undefined,
    { cause: error },
  );
}

const text = z.string().nullable();
const number = z.number().nullable();
const nodeDetails = z.union([
  z.tuple([z.number(), z.string(), z.number(), z.number(), z.number()]),
  z.tuple([
    z.number(),
    z.string(),
    z.number(),
    z.number(),
    z.number(),
    text,
    text,
    text,
    number,
    number,
    text,
    text,
    text,
  ]),
]);
const snapshot = z.object({
  timestamp: z.number(),
  total_nodes: z.number(),
  latest_height: z.number(),
  nodes: z.record(z.string(), nodeDetails),
});

/**
 * Reads a snapshot from the text of an answer.
 *
 * @throws BitnodesError that says where the text is not a snapshot.
 */
export function parseSnapshot(body: string): Snapshot {
  const result = snapshot.safeParse(parseJson(body));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new BitnodesError(`not a snapshot: at ${issue.path.join(" → ") || "the top"}, ${issue.message}`);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    const message = `expected JSON from the bitnodes API, got "${body.slice(0, 80)}"`;
    throw new BitnodesError(message, undefined, undefined, { cause: error });
  }
}
