/**
 * The bitnodes API of the practice network, and the network's own pages.
 *
 *   GET /api/v1/                                that this is a practice network, and its figures
 *   GET /api/v1/snapshots/?page=1&limit=10      the list, newest first
 *   GET /api/v1/snapshots/latest/               the newest snapshot (?fields=5 or 13)
 *   GET /api/v1/snapshots/<timestamp>/          an older one
 *   GET /practice/truth                         the ground truth about every address
 *   GET /practice/statistics                    how many connections there have been, and are now
 *   PUT, DELETE /practice/throttled             turn the answer 429 on, and off; with the network's token
 *
 * The query `?throttled=1` gets the 429 that bitnodes gives to clients that ask too often.
 *
 * Any web page in the learner's browser can send requests to loopback. So no request may end the process,
 * and a request with a foreign `Host` is refused: it may come from a page whose name was made to resolve to
 * this machine (DNS rebinding).
 */
import { randomBytes } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { isLoopback } from "../../bitnodes/url";
import { closeServer } from "./close-server";
import type { PopulationName } from "../population/names";
import { PracticeError } from "./practice-error";
import type { ConnectionCounts } from "./listeners";
import type { Snapshots } from "./snapshots";
import type { GroundTruth } from "./ground-truth";

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
export interface DnsSeeds {
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
  fields: 5 | 13;
  throttled: boolean;
}

interface Reply {
  status: number;
  body: unknown;
  headers?: http.OutgoingHttpHeaders;
}

const BASE = "/api/v1/";
const HOST = "127.0.0.1";
const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;
const RETRY_AFTER_SECONDS = 600;

/** Time for the head of a request, in milliseconds. Half-open requests are cut after it. */
const HEADERS_TIMEOUT_MS = 3000;
/** Time for a whole request, in milliseconds. */
const REQUEST_TIMEOUT_MS = 5000;
/** How often both are checked, in milliseconds. The default of Node.js is 30 seconds. */
const TIMEOUT_CHECK_MS = 1000;

const BAD_REQUEST: Reply = { status: 400, body: { detail: "Bad request." } };
const FOREIGN_HOST: Reply = {
  status: 403,
  body: { detail: "Expected a Host of this machine, such as 127.0.0.1: ask the practice network there." },
};
const NO_TOKEN: Reply = {
  status: 401,
  body: { detail: "Expected the token of this practice network: send it as Authorization: Bearer TOKEN." },
  headers: { "www-authenticate": "Bearer" },
};
const FAILED: Reply = { status: 500, body: { detail: "The practice network cannot answer this." } };
const NOT_FOUND: Reply = { status: 404, body: { detail: "Not found." } };
const STARTING: Reply = {
  status: 503,
  body: { detail: "The practice network is starting." },
  headers: { "retry-after": "1" },
};
const THROTTLED: Reply = {
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
  const server = http.createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
    (request, response) => reply(response, answerSafely(pages, request)),
  );
  const port = await listen(server, settings.apiPort);
  pages.url = `http://${HOST}:${port}${BASE}`;
  return {
    url: pages.url,
    token: pages.token,
    publish: (published) => pages.publish(published),
    throttle: (on) => (pages.throttled = on),
    close() {
      const closed = closeServer(server);
      server.closeAllConnections();
      return closed;
    },
  };
}

/** Returns the answer to a request, or 500 if finding it throws: a request must not end the network. */
function answerSafely(pages: Pages, request: http.IncomingMessage): Reply {
  try {
    return pages.answer(request);
  } catch {
    return FAILED;
  }
}

/** Finds the answer to each request. */
class Pages {
  url = "";
  readonly token = randomBytes(16).toString("hex");
  throttled: boolean;
  private published: Published | undefined;
  /** Bodies of the newest snapshot, by number of fields, cached because each has some 2 MB. */
  private readonly latest = new Map<5 | 13, Buffer>();

  constructor(private readonly settings: ApiSettings) {
    this.throttled = settings.throttled;
  }

  publish(published: Published): void {
    this.published = published;
  }

  answer({ method = "GET", url = "/", headers }: http.IncomingMessage): Reply {
    const asked = urlOf(url, headers.host);
    if (!asked) return BAD_REQUEST;
    const { hostname, pathname, searchParams } = asked;
    if (!isLoopback(hostname)) return FOREIGN_HOST;
    if (pathname === "/practice/throttled") return this.answerThrottled(method, headers.authorization);
    if (method !== "GET" && method !== "HEAD") {
      return { status: 405, body: { detail: `Method "${method}" not allowed.` } };
    }
    if (!this.published) return STARTING;
    if (pathname === "/practice/statistics") return { status: 200, body: this.published.statistics() };
    if (pathname === "/practice/truth") return { status: 200, body: this.published.truth };
    if (!pathname.startsWith(BASE)) return NOT_FOUND;
    if (this.throttled || searchParams.has("throttled")) return THROTTLED;
    return this.answerApi(this.published, pathname.slice(BASE.length), searchParams);
  }

  private answerThrottled(method: string, authorization: string | undefined): Reply {
    const changes = method === "PUT" || method === "DELETE";
    if (changes && authorization !== `Bearer ${this.token}`) return NO_TOKEN;
    if (method === "PUT") this.throttled = true;
    if (method === "DELETE") this.throttled = false;
    return { status: 200, body: { throttled: this.throttled } };
  }

  private answerApi(published: Published, path: string, query: URLSearchParams): Reply {
    const { snapshots } = published;
    if (path === "") return { status: 200, body: this.identity(published) };
    if (path === "snapshots/") return this.list(snapshots, query);
    const [, which] = /^snapshots\/(latest|\d+)\/$/.exec(path) ?? [];
    if (which) return this.snapshot(snapshots, which, query);
    if (/^snapshots(\/(latest|\d+))?$/.test(path)) return movedTo(`${BASE}${path}/?${query}`);
    return NOT_FOUND;
  }

  private identity({ known, dns, proxies }: Published): Identity {
    const { peers, population, seed } = this.settings;
    const about = "The practice network of the course: made-up nodes on this machine's loopback addresses.";
    return { name: "practice", population, peers, known, seed, pid: process.pid, dns, proxies, about };
  }

  private list(snapshots: Snapshots, query: URLSearchParams): Reply {
    const page = Number(query.get("page") ?? 1);
    const limit = Math.min(MAX_LIMIT, Number(query.get("limit")) || DEFAULT_LIMIT);
    const { timestamps } = snapshots;
    const pages = Math.ceil(timestamps.length / limit);
    if (!(page >= 1 && page <= pages)) return { status: 404, body: { detail: "Invalid page." } };
    const link = (n: number) =>
      n >= 1 && n <= pages ? `${this.url}snapshots/?limit=${limit}&page=${n}` : null;
    const results = timestamps
      .slice((page - 1) * limit, page * limit)
      .map((timestamp) => ({ url: `${this.url}snapshots/${timestamp}/`, ...snapshots.summary(timestamp) }));
    const body = { count: timestamps.length, next: link(page + 1), previous: link(page - 1), results };
    return { status: 200, body };
  }

  private snapshot(snapshots: Snapshots, which: string, query: URLSearchParams): Reply {
    const fields = fieldsOf(query.get("fields")) ?? this.settings.fields;
    const [latest] = snapshots.timestamps;
    if (which === "latest" || Number(which) === latest) {
      const body = this.latest.get(fields) ?? Buffer.from(JSON.stringify(snapshots.at(latest, fields)));
      this.latest.set(fields, body);
      return { status: 200, body };
    }
    const older = snapshots.at(Number(which), fields);
    return older ? { status: 200, body: older } : NOT_FOUND;
  }
}

/** Returns what a request asks for. Its host is that of `Host`, also if the target is an absolute URL. */
function urlOf(target: string, host: string | undefined): URL | undefined {
  const path = target.startsWith("/") ? target : pathOf(target);
  const url = `http://${host}${path}`;
  return host && path !== undefined && URL.canParse(url) ? new URL(url) : undefined;
}

/** Returns path and query of an absolute URL, the form that a proxy is asked in (RFC 9112, 3.2.2). */
function pathOf(target: string): string | undefined {
  if (!URL.canParse(target)) return undefined;
  const { pathname, search } = new URL(target);
  return `${pathname}${search}`;
}

function fieldsOf(text: string | null): 5 | 13 | undefined {
  return text === "5" ? 5 : text === "13" ? 13 : undefined;
}

/** Redirects to the path with a slash at its end, as bitnodes does. */
function movedTo(path: string): Reply {
  return { status: 301, body: {}, headers: { location: path.replace(/\?$/, "") } };
}

function reply(response: http.ServerResponse, { status, body, headers }: Reply): void {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": bytes.length,
    ...headers,
  });
  response.end(bytes);
}

function listen(server: http.Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    // Also later errors have this listener: without a free file descriptor a connection cannot be accepted.
    server.on("error", (error: NodeJS.ErrnoException) => reject(portError(error, port)));
    server.listen({ host: HOST, port }, () => resolve((server.address() as AddressInfo).port));
  });
}

function portError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== "EADDRINUSE" && error.code !== "EACCES") return error;
  return new PracticeError(
    "PORT_TAKEN",
    `port ${port} of ${HOST} is taken by another program: choose another port, or stop what listens there`,
  );
}
