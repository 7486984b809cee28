/** Lets the code of this process use a fake API in place of the real one. */
import type { Dispatcher } from "undici";
import { BITNODES_URL, setBitnodesUrl } from "../../bitnodes/url";
import { kernelGlobals } from "../../kernel/kernel";

/** A request that was made while the fake was in place, answered or not. */
export interface MockRequest {
  method: string;
  url: string;
}

export interface ApiInUse {
  /** Returns the requests to other hosts so far, which were refused. Each is given once. */
  requestsElsewhere(): MockRequest[];
  /** Removes the fake. */
  end(): void;
}

/** Sets BITNODES_URL to a fake, and refuses requests to other hosts of `fetch`, `undici.fetch` and `undici.request`. */
export function useApi(origin: string, path: string): ApiInUse {
  // Loaded here, and not above: few exercises ask an API, and each learner's process would load it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Agent, getGlobalDispatcher, setGlobalDispatcher } = require("undici") as typeof import("undici");
  const elsewhere: MockRequest[] = [];
  const dispatcher = getGlobalDispatcher();
  const agent = new Agent();
  setGlobalDispatcher(agent.compose(refuseOthers(origin, elsewhere)));
  const restoreUrl = setUrl(origin + path);
  return {
    requestsElsewhere: () => elsewhere.splice(0),
    end() {
      restoreUrl();
      setGlobalDispatcher(dispatcher);
      void agent.destroy();
    },
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
