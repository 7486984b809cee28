/**
 * A fake bitnodes API for one check: an HTTP server on this machine, which every client can ask.
 *
 * Requests to other hosts that `fetch`, `undici.fetch` and `undici.request` make are recorded too, and refused.
 */
import { once as event } from "node:events";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { answerPlace } from "../place/answer-place";
import type { MockRequest } from "../place/api-in-use";
import type { FromServer, ServedRequest, ToServer } from "./mock-api-server";

export interface MockPlan {
  /** The path of `BITNODES_URL` while the fake is in place, with a slash at its end. Default: `/api/v1/`. */
  path?: string;
  /** Status of the response to `snapshots/latest/`. Default: 200. */
  status?: number;
  headers?: Record<string, string>;
  /** Body of the response, sent as JSON. */
  body?: unknown;
  /** Whether it hangs up on every request instead of responding. */
  hangsUp?: boolean;
  /** Restores everything when aborted, for an answer that never finishes. */
  signal?: AbortSignal;
}

/** A fake API that is in place. */
export interface MockApi {
  /** The value of `BITNODES_URL`. */
  url: string;
  /** Resolves to the requests so far. Each is given once. */
  requests(): Promise<MockRequest[]>;
}

/** Lets one fake be in place at a time: there is one global dispatcher, and one BITNODES_URL. */
let lock: Promise<unknown> = Promise.resolve();

/** Calls `use` while the fake API is in place, and returns what it returns. Restores everything afterwards. */
export async function withMockApi<T>(plan: MockPlan, use: (api: MockApi) => Promise<T>): Promise<T> {
  const before = lock;
  let unlock = () => {};
  lock = new Promise<void>((resolve) => (unlock = resolve));
  await before;
  const server = await (sharedServer ??= Server.start());
  const { path = "/api/v1/", status = 200, headers = {}, body = null, hangsUp = false } = plan;
  await server.send({ plan: { path, status, headers, body: JSON.stringify(body), hangsUp } });
  const inUse = answerPlace().useApi(server.origin, path);
  const end = once(() => {
    inUse.end();
    void server.send({ closes: true });
    unlock();
  });
  plan.signal?.addEventListener("abort", end, { once: true });
  if (plan.signal?.aborted) end();
  const requests = async () => [...inUse.requestsElsewhere(), ...(await server.send({}))];
  try {
    return await use({ url: server.origin + path, requests });
  } finally {
    end();
  }
}

let sharedServer: Promise<Server> | undefined;

/** The thread that serves, which is started once and keeps nothing from ending. */
class Server {
  /** Those who wait for the answers to their messages, in order. */
  private readonly waiting: ((requests: MockRequest[]) => void)[] = [];

  private constructor(
    private readonly thread: Worker,
    readonly origin: string,
  ) {
    thread.on("message", ({ requests }: { requests: ServedRequest[] }) => {
      this.waiting.shift()!(requests.map(({ method, target }) => ({ method, url: origin + target })));
    });
    thread.unref();
  }

  static async start(): Promise<Server> {
    const thread = new Worker(path.join(__dirname, "mock-api-server.js"), { execArgv: [] });
    const [first] = (await event(thread, "message")) as [FromServer];
    if (!("port" in first)) throw new Error("expected the fake API to say its port first");
    return new Server(thread, `http://127.0.0.1:${first.port}`);
  }

  /** Sends a message. Resolves to the requests since the last one. */
  send(message: ToServer): Promise<MockRequest[]> {
    this.thread.postMessage(message);
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (!done) run();
    done = true;
  };
}
