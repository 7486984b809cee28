/**
 * The bitnodes API: a list of the nodes that somebody else's crawler has found.
 *
 * Two shapes of answer are about: thirteen fields a node until November 2025, five since. The
 * service has changed its address five times, so the address is a setting, `BITNODES_URL`.
 */
import { request } from "undici";
import { z } from "zod";
import { BitnodesError } from "./errors";
import { BITNODES_URL } from "./url";
import { formatCount } from "../util/numbers";

/** What the API says of one node. The fields from `hostname` on were left out in November 2025; any of them can be null. */
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

/** The nodes of a snapshot, by address. */
export type Nodes = Record<string, NodeDetails>;

export interface Snapshot {
  /** Unix time, in seconds. */
  timestamp: number;
  total_nodes: number;
  latest_height: number;
  nodes: Nodes;
}

/** The newest snapshot of the API at `BITNODES_URL`. Rejects with a BitnodesError unless it gets one. */
export async function getBitnodesApiResponse(): Promise<Snapshot> {
  const response = await request(new URL("snapshots/latest/", BITNODES_URL)).catch(noAnswer);
  const body = await response.body.text();
  if (response.statusCode !== 200) {
    throw refusal(response.statusCode, response.headers["retry-after"], body);
  }
  return parseSnapshot(body);
}

/** The nodes of the newest snapshot, by address. */
export async function getNodes(): Promise<Nodes> {
  const snapshot = await getBitnodesApiResponse();
  return snapshot.nodes;
}

/** The error for an answer that is not 200: what it said, and when to ask again. */
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

/** Throws the BitnodesError for no answer at all: who was asked, and what to look at. */
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

/** The snapshot that the text of an answer stands for. Throws a BitnodesError that says where it is not one. */
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
