/**
 * A fake bitnodes API for one check: undici's MockAgent answers the requests of `fetch`, `undici.fetch`
 * and `undici.request`. No request made with these reaches the network.
 *
 * https://undici.nodejs.org/#/docs/api/MockAgent
 * Other clients (node:http, curl) are not intercepted: they cannot resolve the fake host.
 */
import { type Dispatcher, getGlobalDispatcher, MockAgent, setGlobalDispatcher } from "undici";
import { BITNODES_URL, setBitnodesUrl } from "../../bitnodes/url";
import { kernelGlobals } from "../../kernel/kernel";

export interface MockPlan {
  /** The value of `BITNODES_URL` while the fake is in place, with a slash at its end. */
  url: string;
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

const LATEST = "snapshots/latest/";

/** Lets one fake be in place at a time: there is one global dispatcher, and one BITNODES_URL. */
let lock: Promise<unknown> = Promise.resolve();

/** Calls `use` while the fake API is in place, and returns what it returns. Restores everything afterwards. */
export async function withMockApi<T>(
  plan: MockPlan,
  use: (requests: MockRequest[]) => Promise<T>,
): Promise<T> {
  const before = lock;
  let unlock = () => {};
  lock = new Promise<void>((resolve) => (unlock = resolve));
  await before;
  const requests: MockRequest[] = [];
  const uninstall = install(plan, requests);
  const end = once(() => {
    uninstall();
    unlock();
  });
  plan.signal?.addEventListener("abort", end, { once: true });
  if (plan.signal?.aborted) end();
  try {
    return await use(requests);
  } finally {
    end();
  }
}

/** Puts the fake in place. Returns the function that removes it. */
function install(plan: MockPlan, requests: MockRequest[]): () => void {
  const dispatcher = getGlobalDispatcher();
  const agent = mockAgent(plan);
  setGlobalDispatcher(agent.compose(recorder(requests)));
  const restoreUrl = setUrl(plan.url);
  return () => {
    restoreUrl();
    setGlobalDispatcher(dispatcher);
    void agent.close();
  };
}

function mockAgent(plan: MockPlan): MockAgent {
  const agent = new MockAgent();
  agent.disableNetConnect();
  const base = new URL(plan.url);
  agent
    .get(base.origin)
    .intercept({ path: () => true, method: "GET" })
    .reply((request) => responseTo(request.path, plan, base))
    .persist();
  return agent;
}

function responseTo(target: string, plan: MockPlan, base: URL) {
  const latest = `${base.pathname}${LATEST}`;
  const path = target.split("?")[0];
  if (path === latest) {
    const headers = { "content-type": "application/json", ...plan.headers };
    return { statusCode: plan.status ?? 200, data: JSON.stringify(plan.body), responseOptions: { headers } };
  }
  const isSlashMissing = `${path}/` === latest; // the real API redirects to the address with the slash
  const headers: Record<string, string> = isSlashMissing ? { location: latest } : {};
  return {
    statusCode: isSlashMissing ? 301 : 404,
    data: '{"detail":"Not found."}',
    responseOptions: { headers },
  };
}

/** Records each request before it is sent, also those that the fake then refuses. */
function recorder(requests: MockRequest[]): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    requests.push({ method: options.method, url: new URL(options.path, options.origin).href });
    return dispatch(options, handler);
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
