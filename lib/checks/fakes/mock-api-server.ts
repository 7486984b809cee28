/**
 * The server of the fake bitnodes API: runs in a thread of its own, so that it answers an answer that waits for it
 * without letting go of its thread, as `spawnSync("curl", …)` does.
 */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { parentPort } from "node:worker_threads";

/** What the fake API is to do until the next plan. */
interface ServedPlan {
  /** Path of the API, with a slash at its end. */
  path: string;
  /** The response to `snapshots/latest/`. */
  status: number;
  headers: Record<string, string>;
  body: string;
  /** Whether it hangs up instead. */
  hangsUp: boolean;
}

/** A request, as it arrived. */
export interface ServedRequest {
  method: string;
  /** Path and query. */
  target: string;
}

/** To the thread: a plan to follow, or that it is over. */
export interface ToServer {
  plan?: ServedPlan;
  closes?: boolean;
}
/** From the thread: its port at first, then the requests since the last message, for each message. */
export type FromServer = { port: number } | { requests: ServedRequest[] };

const LATEST = "snapshots/latest/";
/** A connection that is kept would be gone when a client uses it again, in the next check. */
const HEADERS = { "content-type": "application/json", connection: "close" };

let plan: ServedPlan = { path: "/", status: 503, headers: {}, body: "", hangsUp: false };
let requests: ServedRequest[] = [];

const server = http.createServer((request, response) => {
  const target = request.url ?? "";
  requests.push({ method: request.method ?? "", target });
  if (plan.hangsUp) return void request.socket.destroy();
  const [path] = target.split("?");
  const latest = plan.path + LATEST;
  if (path === latest) {
    response.writeHead(plan.status, { ...HEADERS, ...plan.headers }).end(plan.body);
    return;
  }
  // The real API redirects to the address with the slash.
  const [status, headers] = `${path}/` === latest ? [301, { location: latest }] : [404, {}];
  response.writeHead(status, { ...HEADERS, ...headers }).end('{"detail":"Not found."}');
});
server.listen(0, "127.0.0.1", () => send({ port: (server.address() as AddressInfo).port }));

parentPort!.on("message", (message: ToServer) => {
  if (message.plan) plan = message.plan;
  if (message.closes) server.closeAllConnections();
  send({ requests });
  requests = [];
});

function send(message: FromServer): void {
  parentPort!.postMessage(message);
}
