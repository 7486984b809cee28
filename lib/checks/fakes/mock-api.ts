/**
 * A fake bitnodes API for one check: an HTTP server on this machine, which every client can ask.
 *
 * Requests to other hosts that `fetch`, `undici.fetch` and `undici.request` make are recorded too, and refused.
 */
import { once as event } from "node:events";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { Agent, type Dispatcher, getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { BITNODES_URL, setBitnodesUrl } from "../../bitnodes/url";
import { kernelGlobals } from "../../kernel/kernel";
import type { FromServer, ServedRequest, ToServer } from "./mock-api-server";

export interface MockPlan {
  /** The path of `BITNODES_URL` while the fake is in place, with a slash at its end. Default: `/api/v1/`. */
  path?: string;
  /** Status of the response to `snapshots/latest/`. Default: 200. */
  status?: number;
  headers?: Record<string, string>;
  /** Body of the response, sent as JSON. */
  body: unknown;
  /** Restores everything when aborted, for an answer that never finishes. */
  signal?: AbortSignal;
}

/** A request that was made while the fake was in place, answered or not. */
export interface MockRequest {
  method: string;
  url: string;
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
  const { path = "/api/v1/", status = 200, headers = {}, body } = plan;
  await server.tell({ plan: { path, status, headers, body: JSON.stringify(body) } });
  const elsewhere: MockRequest[] = [];
  const uninstall = install(server.origin, path, elsewhere);
  const end = once(() => {
    uninstall();
    void server.tell({ closes: true });
    unlock();
  });
  plan.signal?.addEventListener("abort", end, { once: true });
  if (plan.signal?.aborted) end();
  const requests = async () => [...elsewhere.splice(0), ...(await server.tell({}))];
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
  tell(message: ToServer): Promise<MockRequest[]> {
    this.thread.postMessage(message);
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

/** Puts the fake in place. Returns the function that removes it. */
function install(origin: string, path: string, elsewhere: MockRequest[]): () => void {
  const dispatcher = getGlobalDispatcher();
  const agent = new Agent();
  setGlobalDispatcher(agent.compose(refuseOthers(origin, elsewhere)));
  const restoreUrl = setUrl(origin + path);
  return () => {
    restoreUrl();
    setGlobalDispatcher(dispatcher);
    void agent.destroy();
  };
}

/** Refuses requests to other origins than the fake's, and records them. */
function refuseOthers(allowed: string, requests: MockRequest[]): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    if (String(options.origin) === allowed) return dispatch(options, handler);
    requests.push({ method: options.method, url: new URL(options.path, options.origin).href });
    throw new Error(`${String(options.origin)} is not called by a check: ask ${allowed}`);
  };
}

/**
 * Sets BITNODES_URL for the library and for the cells of the notebook.
 * Returns the function that sets it back.
 */
function setUrl(url: string): () => void {
  const libraryUrl = BITNODES_URL;
  const names = kernelGlobals()?.exports;
  const isDeclared = names !== undefined && "BITNODES_URL" in names;
  const notebookUrl = names?.BITNODES_URL;
  setBitnodesUrl(url);
  if (names) names.BITNODES_URL = url;
  return () => {
    setBitnodesUrl(libraryUrl);
    if (isDeclared) names.BITNODES_URL = notebookUrl;
    else if (names) delete names.BITNODES_URL;
  };
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (!done) run();
    done = true;
  };
}
