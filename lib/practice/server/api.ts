/**
 * The bitnodes API of the practice network, and the network's own pages.
 *
 *   GET /api/v1/                                that this is a practice network, and its figures
 *   GET /api/v1/snapshots/?page=1&limit=10      the list, newest first
 *   GET /api/v1/snapshots/latest/               the newest snapshot (?fields=5 or 13)
 *   GET /api/v1/snapshots/<timestamp>/          an older one
 *   GET /practice/truth                         the ground truth about every address
 *   GET /practice/statistics                    how many connections there have been, and are now
 *   PUT, DELETE /practice/throttled             turn the answer 429 on, and off
 *
 * The query `?throttled=1` gets the 429 that bitnodes gives to clients that ask too often.
 */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { PracticeError } from "./practice-error";
import type { ConnectionCounts } from "./listeners";
import type { Snapshots } from "./snapshots";
import type { GroundTruth } from "./ground-truth";

/** The API's answer at its base URL. `name` tells a practice network from other APIs. */
interface Identity {
  name: "practice";
  peers: number;
  /** How many addresses the peers know in total: an estimate from their answers to `getaddr` aims at this. */
  known: number;
  seed: number;
  /** Id of the process that serves it. */
  pid: number;
  about: string;
}

/** What the pages need once the network is up. */
interface Published {
  snapshots: Snapshots;
  truth: GroundTruth[];
  statistics: () => ConnectionCounts;
  /** As in `Identity`. */
  known: number;
}

/** The API server. */
interface Api {
  /** Base URL, with a slash at its end. */
  readonly url: string;
  /** Starts to answer with these. Until then the API answers 503. */
  publish(published: Published): void;
  throttle(on: boolean): void;
  close(): Promise<void>;
}

interface ApiSettings {
  peers: number;
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
  const server = http.createServer((request, response) => reply(response, pages.answer(request)));
  const port = await listen(server, settings.apiPort);
  pages.url = `http://${HOST}:${port}${BASE}`;
  return {
    url: pages.url,
    publish: (published) => pages.publish(published),
    throttle: (on) => (pages.throttled = on),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Finds the answer to each request. */
class Pages {
  url = "";
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

  answer({ method = "GET", url = "/" }: http.IncomingMessage): Reply {
    const { pathname, searchParams } = new URL(url, "http://practice");
    if (pathname === "/practice/throttled") return this.answerThrottled(method);
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

  private answerThrottled(method: string): Reply {
    if (method === "PUT") this.throttled = true;
    if (method === "DELETE") this.throttled = false;
    return { status: 200, body: { throttled: this.throttled } };
  }

  private answerApi({ snapshots, known }: Published, path: string, query: URLSearchParams): Reply {
    if (path === "") return { status: 200, body: this.identity(known) };
    if (path === "snapshots/") return this.list(snapshots, query);
    const [, which] = /^snapshots\/(latest|\d+)\/$/.exec(path) ?? [];
    if (which) return this.snapshot(snapshots, which, query);
    if (/^snapshots(\/(latest|\d+))?$/.test(path)) return movedTo(`${BASE}${path}/?${query}`);
    return NOT_FOUND;
  }

  private identity(known: number): Identity {
    const { peers, seed } = this.settings;
    const about = "The practice network of the course: made-up nodes on this machine's loopback addresses.";
    return { name: "practice", peers, known, seed, pid: process.pid, about };
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
    server.once("error", (error: NodeJS.ErrnoException) => reject(portError(error, port)));
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
