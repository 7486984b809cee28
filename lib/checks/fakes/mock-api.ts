/**
 * A bitnodes API made up for one check: undici's MockAgent answers whatever `fetch`, `undici.fetch`
 * and `undici.request` ask, and nothing that goes through them reaches the network.
 *
 * https://undici.nodejs.org/#/docs/api/MockAgent
 * Other ways to the network (node:http, curl) are not caught: they find no host of the made-up name.
 */
import { type Dispatcher, getGlobalDispatcher, MockAgent, setGlobalDispatcher } from "undici";
import { BITNODES_URL, setBitnodesUrl } from "../../bitnodes/url";
import { kernelGlobals } from "../../kernel/kernel";

export interface MockPlan {
  /** What `BITNODES_URL` is meanwhile, with a slash at its end. */
  url: string;
  /** Status of the answer to `snapshots/latest/`; 200 unless told. */
  status?: number;
  headers?: Record<string, string>;
  /** Body of the answer, sent as JSON. */
  body: unknown;
  /** Restores everything when aborted: for an answer that never comes back. */
  signal?: AbortSignal;
}

/** A request that somebody made while the mock was in place, answered or not. */
export interface Asked {
  method: string;
  url: string;
}

const LATEST = "snapshots/latest/";

/** One mock at a time: there is one global dispatcher, and one BITNODES_URL. */
let lock: Promise<unknown> = Promise.resolve();

/** What `use` gives, with the made-up API in place while it runs, and everything as before afterwards. */
export async function withMockApi<T>(plan: MockPlan, use: (asked: Asked[]) => Promise<T>): Promise<T> {
  const before = lock;
  let unlock = () => {};
  lock = new Promise<void>((resolve) => (unlock = resolve));
  await before;
  const asked: Asked[] = [];
  const restore = install(plan, asked);
  const leave = once(() => {
    restore();
    unlock();
  });
  plan.signal?.addEventListener("abort", leave, { once: true });
  if (plan.signal?.aborted) leave();
  try {
    return await use(asked);
  } finally {
    leave();
  }
}

/** Puts the mock in place; gives the function that takes it away again. */
function install(plan: MockPlan, asked: Asked[]): () => void {
  const dispatcher = getGlobalDispatcher();
  const agent = mockAgent(plan);
  setGlobalDispatcher(agent.compose(recorder(asked)));
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
    .reply((request) => answer(plan, base, request.path))
    .persist();
  return agent;
}

function answer(plan: MockPlan, base: URL, path: string) {
  const latest = `${base.pathname}${LATEST}`;
  const asked = path.split("?")[0];
  if (asked === latest) {
    const headers = { "content-type": "application/json", ...plan.headers };
    return { statusCode: plan.status ?? 200, data: JSON.stringify(plan.body), responseOptions: { headers } };
  }
  const slashMissing = `${asked}/` === latest; // the real API sends such a request on to the address with the slash
  const headers: Record<string, string> = slashMissing ? { location: latest } : {};
  return {
    statusCode: slashMissing ? 301 : 404,
    data: '{"detail":"Not found."}',
    responseOptions: { headers },
  };
}

/** Writes down every request before it is sent, also those that the mock then refuses. */
function recorder(asked: Asked[]): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    asked.push({ method: options.method, url: new URL(options.path, options.origin).href });
    return dispatch(options, handler);
  };
}

/** Sets BITNODES_URL for the library and for the cells of the notebook; gives the function that sets it back. */
function setUrl(url: string): () => void {
  const ours = BITNODES_URL;
  const names = kernelGlobals()?.exports;
  const had = names !== undefined && "BITNODES_URL" in names;
  const theirs = names?.BITNODES_URL;
  setBitnodesUrl(url);
  if (names) names.BITNODES_URL = url;
  return () => {
    setBitnodesUrl(ours);
    if (had) names.BITNODES_URL = theirs;
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
