/**
 * Caches an API's answers for ten minutes. Real people pay for that API, so lessons must not burden it.
 *
 * Built on undici's cache interceptor, which follows RFC 9111:
 * https://undici.nodejs.org/#/docs/api/Dispatcher
 */
import type { IncomingHttpHeaders } from "node:http";
import { Agent, cacheStores, type Dispatcher, interceptors, setGlobalDispatcher } from "undici";

const CACHE_SECONDS = 600;
/** Room for several snapshots: one of the live network is 2 to 4 MB. */
const MAX_CACHED_BYTES = 32 * 1024 * 1024;

/** Answers repeated requests to `origin` from memory for ten minutes, those of Node.js's own fetch too. */
export function cacheAnswersOf(origin: string): void {
  const store = new cacheStores.MemoryCacheStore({ maxEntrySize: MAX_CACHED_BYTES });
  setGlobalDispatcher(
    new Agent().compose(markCacheable(origin), interceptors.cache({ store, origins: [origin] })),
  );
}

/** Headers by which an API limits caching. Ours replace them, since asking less often burdens no API. */
const AGE_HEADERS = ["age", "cache-control", "date", "etag", "expires", "last-modified", "pragma", "vary"];

/** Marks every answer of `origin` with status 200 as cacheable for ten minutes. */
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
