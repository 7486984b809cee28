/**
 * An HTTP server on 127.0.0.1 whose answers are JSON.
 *
 * Any web page in the learner's browser can send requests to loopback. So no request may end the process,
 * and a request with a foreign `Host` is refused: it may come from a page whose name was made to resolve to
 * this machine (DNS rebinding).
 */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { isLoopback } from "../../bitnodes/url";
import { closeServer } from "./close-server";
import { PracticeError } from "./practice-error";

/** A request, as far as pages need it. */
export interface JsonRequest {
  /** Where the server is: `http://127.0.0.1:18330`. */
  origin: string;
  method: string;
  pathname: string;
  query: URLSearchParams;
  authorization?: string;
}

/** An answer. A body of bytes is sent as it is, others are written as JSON. */
export interface JsonReply {
  status: number;
  body: unknown;
  headers?: http.OutgoingHttpHeaders;
}

/** A server that is up. */
interface JsonServer {
  /** `http://127.0.0.1:18330` */
  readonly origin: string;
  close(): Promise<void>;
}

const HOST = "127.0.0.1";

/** Time for the head of a request, in milliseconds. Half-open requests are cut after it. */
const HEADERS_TIMEOUT_MS = 3000;
/** Time for a whole request, in milliseconds. */
const REQUEST_TIMEOUT_MS = 5000;
/** How often both are checked, in milliseconds. The default of Node.js is 30 seconds. */
const TIMEOUT_CHECK_MS = 1000;

const BAD_REQUEST: JsonReply = { status: 400, body: { detail: "Bad request." } };
const FOREIGN_HOST: JsonReply = {
  status: 403,
  body: { detail: "Expected a Host of this machine, such as 127.0.0.1: ask there." },
};
const FAILED: JsonReply = { status: 500, body: { detail: "This request cannot be answered." } };
export const NOT_FOUND: JsonReply = { status: 404, body: { detail: "Not found." } };

/** Returns the answer to a method that does not only read. */
export function notAllowed(method: string): JsonReply {
  return { status: 405, body: { detail: `Method "${method}" not allowed.` } };
}

/**
 * Serves what `answer` returns. If it throws, the answer is 500.
 *
 * @throws PracticeError PORT_TAKEN if another program has the port.
 */
export async function serveJson(
  port: number,
  answer: (request: JsonRequest) => JsonReply,
): Promise<JsonServer> {
  const server = http.createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
    (request, response) => reply(response, answerSafely(answer, request)),
  );
  const origin = `http://${HOST}:${await listen(server, port)}`;
  return {
    origin,
    close() {
      const closed = closeServer(server);
      server.closeAllConnections();
      return closed;
    },
  };
}

function answerSafely(
  answer: (request: JsonRequest) => JsonReply,
  { method = "GET", url = "/", headers, socket }: http.IncomingMessage,
): JsonReply {
  try {
    const asked = urlOf(url, headers.host);
    if (!asked) return BAD_REQUEST;
    const { hostname, pathname, searchParams } = asked;
    if (!isLoopback(hostname)) return FOREIGN_HOST;
    const { authorization } = headers;
    const origin = `http://${HOST}:${socket.localPort}`;
    return answer({ origin, method, pathname, query: searchParams, authorization });
  } catch {
    return FAILED;
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

function reply(response: http.ServerResponse, { status, body, headers }: JsonReply): void {
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
