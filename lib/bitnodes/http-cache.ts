/**
 * Prepares this process for the answers of other people's APIs: follows redirects, unpacks compressed
 * answers, caches them for ten minutes, and ends requests when the cell is interrupted. Real people pay for
 * these APIs, so lessons must not burden them.
 *
 * Built on undici's interceptors; its cache follows RFC 9111:
 * https://undici.nodejs.org/#/docs/api/Dispatcher
 */
import { onInterrupt } from "../kernel/interrupt";
import type { IncomingHttpHeaders } from "node:http";
import { Agent, cacheStores, type Dispatcher, interceptors, setGlobalDispatcher } from "undici";

const CACHE_SECONDS = 600;
/** Room for several snapshots: one of the live network is 2 to 4 MB. */
const MAX_CACHED_BYTES = 32 * 1024 * 1024;
/** Limits what a small compressed answer can become. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;
const MAX_REDIRECTS = 5;

type Interceptor = Dispatcher.DispatcherComposeInterceptor;

/** Ends requests to `origin` when the cell is interrupted, for every client in this process. */
export function endRequestsOnInterrupt(origin: string): void {
  setGlobalDispatcher(new Agent().compose(onlyFor(origin, endOnInterrupt)));
}

/**
 * Follows redirects of `origin` and unpacks its compressed answers, for every client in this process:
 * undici's `request` does neither.
 */
export function unpackAnswersOf(origin: string): void {
  setGlobalDispatcher(new Agent().compose(...unpacking(origin)));
}

/**
 * Answers repeated requests to `origin` from memory for ten minutes, those of Node.js's own fetch too.
 *
 * Follows redirects and unpacks answers as `unpackAnswersOf` does. The cache holds them unpacked, so an
 * answer to a client that accepts compressed ones fits every other client.
 */
export function cacheAnswersOf(origin: string): void {
  const store = new cacheStores.MemoryCacheStore({ maxEntrySize: MAX_CACHED_BYTES });
  setGlobalDispatcher(
    new Agent().compose(
      ...unpacking(origin),
      onlyFor(origin, markCacheable),
      interceptors.cache({ store, origins: [origin] }),
    ),
  );
}

/** Returns what unpacks answers. The redirects come first, so that the answer to the last of them is unpacked. */
function unpacking(origin: string): Interceptor[] {
  return [
    endOnInterrupt,
    interceptors.redirect({ maxRedirections: MAX_REDIRECTS }),
    withoutWarning(() => interceptors.decompress({ skipErrorResponses: false, maxSize: MAX_UNPACKED_BYTES })),
  ].map((interceptor) => onlyFor(origin, interceptor));
}

/** Learners need not read that undici calls this interceptor experimental: the lock file has its version. */
function withoutWarning<T>(make: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return make();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Applies an interceptor to requests to `origin`, and to no others. */
function onlyFor(origin: string, interceptor: Interceptor): Interceptor {
  return (dispatch) => {
    const intercepted = interceptor(dispatch);
    return (options, handler) =>
      String(options.origin) === origin ? intercepted(options, handler) : dispatch(options, handler);
  };
}

/** Ends a request when the cell is interrupted. */
const endOnInterrupt: Interceptor = (dispatch) => (options, handler) => {
  let forget = (): void => {};
  return dispatch(options, {
    onRequestStart: (controller, context) => {
      forget = onInterrupt((reason) => controller.abort(reason));
      handler.onRequestStart?.(controller, context);
    },
    onResponseStart: (...args) => handler.onResponseStart?.(...args),
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => {
      forget();
      handler.onResponseEnd?.(...args);
    },
    onResponseError: (...args) => {
      forget();
      handler.onResponseError?.(...args);
    },
  });
};

/** Headers by which an API limits caching. Ours replace them, since asking less often burdens no API. */
const AGE_HEADERS = ["age", "cache-control", "date", "etag", "expires", "last-modified", "pragma", "vary"];

/** Marks every answer with status 200 as cacheable for ten minutes. */
const markCacheable: Interceptor = (dispatch) => (options, handler) =>
  dispatch(options, {
    onRequestStart: (...args) => handler.onRequestStart?.(...args),
    onResponseStart: (controller, status, headers, message) =>
      handler.onResponseStart?.(controller, status, status === 200 ? marked(headers) : headers, message),
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  });

function marked(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept = Object.entries(headers).filter(([name]) => !AGE_HEADERS.includes(name.toLowerCase()));
  return { ...Object.fromEntries(kept), "cache-control": `max-age=${CACHE_SECONDS}` };
}
