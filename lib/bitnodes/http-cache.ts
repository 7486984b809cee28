/**
 * Politeness towards an API that real people pay for: what it has answered is kept for ten minutes.
 *
 * Built on undici's cache interceptor, which follows RFC 9111; https://undici.nodejs.org/#/docs/api/Dispatcher
 */
import type { IncomingHttpHeaders } from "node:http";
import { Agent, cacheStores, type Dispatcher, interceptors, setGlobalDispatcher } from "undici";

const CACHE_SECONDS = 600;
/** A snapshot of the live network is 2 to 4 MB. */
const MAX_CACHED_BYTES = 32 * 1024 * 1024;

/** What `origin` was asked is answered from memory for ten minutes, whether undici or Node.js's own fetch asks again. */
export function cacheAnswersOf(origin: string): void {
  const store = new cacheStores.MemoryCacheStore({ maxEntrySize: MAX_CACHED_BYTES });
  setGlobalDispatcher(
    new Agent().compose(markCacheable(origin), interceptors.cache({ store, origins: [origin] })),
  );
}

/** Headers by which an API may say how long its answers keep. Being asked less often is what it wants, so they give way to ours. */
const AGE_HEADERS = ["age", "cache-control", "date", "etag", "expires", "last-modified", "pragma", "vary"];

/** Makes every good answer of `origin` one that keeps for ten minutes. */
function markCacheable(origin: string): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    if (String(options.origin) !== origin) return dispatch(options, handler);
    return dispatch(options, {
      onRequestStart: (...args) => handler.onRequestStart?.(...args),
      onResponseStart: (controller, status, headers, message) =>
        handler.onResponseStart?.(controller, status, status === 200 ? marked(headers) : headers, message),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    });
  };
}

function marked(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept = Object.entries(headers).filter(([name]) => !AGE_HEADERS.includes(name.toLowerCase()));
  return { ...Object.fromEntries(kept), "cache-control": `max-age=${CACHE_SECONDS}` };
}
