/**
 * The bitnodes API of the practice network, and the network's own pages.
 *
 *   GET /api/v1/                                that this is a practice network, and its figures
 *   GET /api/v1/snapshots/…                     the bitnodes API (snapshot-routes.ts)
 *   GET /practice/truth                         the ground truth about every address
 *   GET /practice/statistics                    how many connections there have been, and are now
 *   PUT, DELETE /practice/throttled             turn the answer 429 on, and off; with the network's token
 *
 * The query `?throttled=1` gets the 429 that bitnodes gives to clients that ask too often.
 */
import { randomBytes } from "node:crypto";
import type { PopulationName } from "../population/names";
import type { ConnectionCounts } from "./listeners";
import type { GroundTruth } from "./ground-truth";
import { type JsonReply, type JsonRequest, NOT_FOUND, notAllowed, serveJson } from "./json-server";
import { BASE, type FieldCount, SnapshotRoutes, type Snapshots } from "./snapshot-routes";

/** The API's answer at its base URL. `name` tells a practice network from other APIs. */
interface Identity {
  name: "practice";
  /** The year of the population: 2018 or 2026. */
  population: PopulationName;
  peers: number;
  /** How many addresses the peers know in total: an estimate from their answers to `getaddr` aims at this. */
  known: number;
  seed: number;
  /** Id of the process that serves it. */
  pid: number;
  /** Where its DNS seeds can be asked. */
  dns: DnsSeeds;
  proxies: Proxies;
  about: string;
}

/** Where the SOCKS5 proxies of a practice network listen: `socks5://127.0.0.1:PORT`. */
export interface Proxies {
  /** For names that end in .onion. */
  tor: string;
  /** For names that end in .b32.i2p. */
  i2p: string;
}

/** The DNS seeds of a practice network. */
interface DnsSeeds {
  /** Port of the DNS server on 127.0.0.1, for UDP and TCP. */
  port: number;
  /** Names of the seeds. */
  names: readonly string[];
  /** The port on which the nodes listen that seeds name. */
  nodePort: number;
}

/** What the pages need once the network is up. */
interface Published {
  snapshots: Snapshots;
  truth: GroundTruth[];
  statistics: () => ConnectionCounts;
  /** As in `Identity`. */
  known: number;
  dns: DnsSeeds;
  proxies: Proxies;
}

/** The API server. */
interface Api {
  /** Base URL, with a slash at its end. */
  readonly url: string;
  /** As in `PracticeNetwork`. */
  readonly token: string;
  /** Starts to answer with these. Until then the API answers 503. */
  publish(published: Published): void;
  throttle(on: boolean): void;
  close(): Promise<void>;
}

interface ApiSettings {
  peers: number;
  population: PopulationName;
  seed: number;
  apiPort: number;
  fields: FieldCount;
  throttled: boolean;
}

const RETRY_AFTER_SECONDS = 600;

const NO_TOKEN: JsonReply = {
  status: 401,
  body: { detail: "Expected the token of this practice network: send it as Authorization: Bearer TOKEN." },
  headers: { "www-authenticate": "Bearer" },
};
const STARTING: JsonReply = {
  status: 503,
  body: { detail: "The practice network is starting." },
  headers: { "retry-after": "1" },
};
const THROTTLED: JsonReply = {
  status: 429,
  body: { detail: `Request was throttled. Expected available in ${RETRY_AFTER_SECONDS} seconds.` },
  headers: { "retry-after": String(RETRY_AFTER_SECONDS) },
};

/**
 * Starts the API on 127.0.0.1.
 *
 * @throws PracticeError PORT_TAKEN if another program has the port.
 */
export async function serveApi(settings: ApiSettings): Promise<Api> {
  const pages = new Pages(settings);
  const { origin, close } = await serveJson(settings.apiPort, (request) => pages.answer(request));
  return {
    url: `${origin}${BASE}`,
    token: pages.token,
    publish: (published) => pages.publish(published),
    throttle: (on) => (pages.throttled = on),
    close,
  };
}

/** Finds the answer to each request. */
class Pages {
  readonly token = randomBytes(16).toString("hex");
  throttled: boolean;
  private published: (Published & { routes: SnapshotRoutes }) | undefined;

  constructor(private readonly settings: ApiSettings) {
    this.throttled = settings.throttled;
  }

  publish(published: Published): void {
    const routes = new SnapshotRoutes(published.snapshots, this.settings.fields);
    this.published = { ...published, routes };
  }

  answer(request: JsonRequest): JsonReply {
    const { method, pathname, query, authorization } = request;
    if (pathname === "/practice/throttled") return this.answerThrottled(method, authorization);
    if (method !== "GET" && method !== "HEAD") return notAllowed(method);
    if (!this.published) return STARTING;
    if (pathname === "/practice/statistics") return { status: 200, body: this.published.statistics() };
    if (pathname === "/practice/truth") return { status: 200, body: this.published.truth };
    if (!pathname.startsWith(BASE)) return NOT_FOUND;
    if (this.throttled || query.has("throttled")) return THROTTLED;
    if (pathname === BASE) return { status: 200, body: this.identity(this.published) };
    return this.published.routes.answer(request);
  }

  private answerThrottled(method: string, authorization: string | undefined): JsonReply {
    const changes = method === "PUT" || method === "DELETE";
    if (changes && authorization !== `Bearer ${this.token}`) return NO_TOKEN;
    if (method === "PUT") this.throttled = true;
    if (method === "DELETE") this.throttled = false;
    return { status: 200, body: { throttled: this.throttled } };
  }

  private identity({ known, dns, proxies }: Published): Identity {
    const { peers, population, seed } = this.settings;
    const about = "The practice network of the course: made-up nodes on this machine's loopback addresses.";
    return { name: "practice", population, peers, known, seed, pid: process.pid, dns, proxies, about };
  }
}
