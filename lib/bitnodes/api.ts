/**
 * The bitnodes API: a list of the nodes that another crawler has found.
 *
 * https://bitnodes.io/api/
 * The API has returned two formats: thirteen fields per node until November 2025, and five since. Other
 * services give fewer or more. The service has moved five times, so its address is a setting, `BITNODES_URL`.
 */
import { isInterrupt } from "../kernel/interrupt";
import { request } from "undici";
import { z } from "zod";
import { BitnodesError } from "./errors";
import { BITNODES_URL, isLoopback } from "./url";
import { formatCount } from "../util/numbers";
import { printable } from "../wire/text";

/**
 * What the API says about one node. Services that answer in this format leave out fields at the end: those
 * from `hostname` on are missing since November 2025, one service gives four. Each other field can be null.
 */
export type NodeDetails = [
  protocolVersion: number | null,
  /** Empty if the API does not have it. */
  userAgent: string,
  /** Unix time, in seconds. */
  connectedSince?: number | null,
  services?: number | null,
  height?: number | null,
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

/**
 * Returns the error for an answer whose status is not 200: with its text, and when to ask again.
 *
 * `retryAfter` is a number of seconds or a date (RFC 9110, 10.2.3).
 */
export function refusal(
  status: number,
  retryAfter: string | string[] | undefined,
  body: string,
): BitnodesError {
  const seconds = secondsUntil(String(retryAfter));
  return new BitnodesError(
    `the bitnodes API answered ${status}: ${printable(body.slice(0, 200))}${adviceFor(status, seconds)}`,
    status,
    seconds,
  );
}

function secondsUntil(retryAfter: string): number | undefined {
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : Math.ceil((Date.parse(retryAfter) - Date.now()) / 1000);
  return seconds > 0 ? seconds : undefined;
}

function adviceFor(status: number, seconds: number | undefined): string {
  if (seconds) return `; it may be asked again in ${formatCount(seconds)} seconds`;
  if (status < 300 || status > 399) return "";
  return `; it has moved: open ${BITNODES_URL} in a browser, see where that leads, and set BITNODES_URL to it`;
}

/**
 * Throws the error for a request without an answer.
 *
 * @throws BitnodesError that says which URL was asked, why there is no answer, and what to check. The error itself
 * if it says that the cell was interrupted.
 */
export function noAnswer(error: Error): never {
  if (isInterrupt(error)) throw error;
  throw new BitnodesError(
    `no answer from ${BITNODES_URL} (${reasonOf(error)}): is the practice network, or the service, running?${proxyAdvice()} joinNetwork() starts a practice network that has ended`,
    undefined,
    undefined,
    { cause: error },
  );
}

/** Returns why a request failed. If a host has several addresses, each has a reason of its own. */
function reasonOf(error: Error): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return (error.errors as Error[]).map(reasonOf).join("; ");
  }
  const { code, name } = error as NodeJS.ErrnoException;
  return error.message || (code ?? name);
}

/** Returns a sentence about the proxy that this computer uses for `BITNODES_URL`, if it has one. */
function proxyAdvice(): string {
  const { protocol, hostname } = new URL(BITNODES_URL);
  const upper = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const name = [upper.toLowerCase(), upper, "all_proxy", "ALL_PROXY"].find((name) => process.env[name]);
  if (!name || isLoopback(hostname)) return "";
  return ` This computer's network has a proxy (${name} is set), and the course asks without it: use the practice network, or a network without a proxy.`;
}

const snapshot = z.object({
  timestamp: z.number(),
  total_nodes: z.number(),
  latest_height: z.number(),
  nodes: z.record(z.string(), z.unknown()),
});

/**
 * Reads a snapshot from the text of an answer. Leaves out the nodes whose fields it cannot read, and warns
 * how many they are.
 *
 * @throws BitnodesError that says where the text is not a snapshot.
 */
export function parseSnapshot(body: string): Snapshot {
  const result = snapshot.safeParse(parseJson(body));
  if (result.success) return { ...result.data, nodes: readableNodes(result.data.nodes) };
  const [{ path, message }] = result.error.issues;
  throw new BitnodesError(
    `not a snapshot: at ${printable(path.join(" → ")) || "the top"}, ${printable(message)}`,
  );
}

/**
 * Returns the nodes whose fields can be read, and prints a warning if there are others.
 *
 * @throws BitnodesError if none can be read.
 */
function readableNodes(nodes: Record<string, unknown>): Nodes {
  const entries = Object.entries(nodes);
  const readable = entries.filter(([, row]) => faultOf(row) === undefined);
  const left = entries.length - readable.length;
  if (left > 0) {
    const [key, row] = entries.find(([, row]) => faultOf(row) !== undefined)!;
    const first = `at nodes → ${shown(key)}, ${faultOf(row)}`;
    if (readable.length === 0) throw new BitnodesError(`not a snapshot: ${first}`);
    console.warn(
      `${formatCount(left)} of the snapshot's ${formatCount(entries.length)} nodes cannot be read and are left out; the first: ${first}`,
    );
  }
  return Object.fromEntries(readable.map(withUserAgent));
}

/** Gives a row without a user agent an empty one, since that is what programs count by. */
function withUserAgent([key, row]: [string, unknown]): [string, NodeDetails] {
  const [version = null, userAgent, ...others] = row as (string | null)[];
  return [key, [version, userAgent ?? "", ...others] as unknown as NodeDetails];
}

/** The types of the fields that are known. A row may have fewer fields, and others after them. */
const FIELD_TYPES =
  "number string number number number string string string number number string string string".split(" ");

/** Returns what is wrong with the fields of a node, or undefined. */
function faultOf(row: unknown): string | undefined {
  if (!Array.isArray(row)) return `expected a list of fields, got ${shown(JSON.stringify(row))}`;
  const i = FIELD_TYPES.findIndex((type, i) => (row[i] ?? null) !== null && typeof row[i] !== type);
  return i < 0
    ? undefined
    : `expected field ${i} to be a ${FIELD_TYPES[i]}, got ${shown(JSON.stringify(row[i]))}`;
}

/** Returns the beginning of a service's text, safe to print. */
function shown(text: string): string {
  return printable(text.slice(0, 80));
}

/** How the bytes of gzip (1f 8b) begin, as UTF-8 reads them. */
const GZIP = "\x1f\ufffd";

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    const got = body.startsWith(GZIP)
      ? "compressed bytes (gzip): ask without accept-encoding"
      : `"${shown(body)}"`;
    throw new BitnodesError(`expected JSON from the bitnodes API, got ${got}`, undefined, undefined, {
      cause: error,
    });
  }
}
