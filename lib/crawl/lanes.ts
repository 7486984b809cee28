/**
 * The lanes of a crawl: nodes that are called directly, through Tor, and through I2P.
 *
 * Tor and I2P take seconds to connect and bear few circuits at a time. So each has a bound and a timeout of its
 * own, and no lane waits for another.
 */
import { QUIET_MS } from "../peer/address-answer";
import { DEFAULT_TIMEOUT_MS } from "../peer/connect";
import { type Lane, LANES } from "../peer/lane";
import { parseProxy, type Proxy } from "../peer/proxy";
import { requirePositiveInteger } from "../util/numbers";

/** Through which proxies to call nodes behind Tor and on I2P. Without one they are UNREACHABLE. */
export interface ProxyOptions {
  /** Tor's SOCKS5 proxy, for names that end in .onion: `socks5://127.0.0.1:9050`. */
  proxy?: string;
  /** I2P's SOCKS5 proxy, for names that end in .b32.i2p: `socks5://127.0.0.1:4447`. */
  i2pProxy?: string;
  /** How many nodes are called through Tor's proxy at a time, at most. Default: 64. */
  proxyConcurrency?: number;
  /** How many are called through I2P's. Default: 32. */
  i2pProxyConcurrency?: number;
  /** Limit for connecting through a proxy, in milliseconds. The answer has a third of it. Default: 60,000. */
  proxyTimeoutMs?: number;
}

/** The bounds of one lane. */
export interface LaneBounds {
  /** Whose addresses it takes: those of the lanes without a proxy are called directly, and fail. */
  readonly takes: readonly Lane[];
  readonly proxy?: Proxy;
  readonly concurrency: number;
  /** Limit for connecting, in milliseconds. */
  readonly timeoutMs: number;
  /** Limit for the answer, in milliseconds. */
  readonly answerMs: number;
  /** After an answer to getaddr, the time without another part of it that ends it, in milliseconds. */
  readonly quietMs: number;
}

/** As many circuits as virtu/p2p-crawler and danielabrozzoni/new-p2p-crawler have: a Tor bears few. */
const TOR_CONCURRENCY = 64;
const I2P_CONCURRENCY = 32;
/**
 * Of 67 onion services the slowest took 29 seconds (WalletWasabi issue 15036). virtu/p2p-crawler allows 100 s to
 * connect, and 40 s for a message, so as to lose one in a thousand.
 */
const PROXY_TIMEOUT_MS = 60_000;
/** By how much an answer is faster than connecting: a circuit is there, one round trip is left. */
const ANSWERS_FASTER = 3;
/** Parts of an answer may be a few round trips apart. */
const PROXY_QUIET_MS = 3000;

/** What `lanesOf` needs of a crawl's options. */
interface Options extends ProxyOptions {
  concurrency: number;
  timeoutMs?: number;
}

/**
 * Returns the lanes of a crawl, the slow ones first: what takes long is to begin early.
 *
 * @throws RangeError if a proxy or a bound is out of range.
 */
export function lanesOf(options: Options): LaneBounds[] {
  const { proxy, i2pProxy, concurrency, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const { proxyConcurrency = TOR_CONCURRENCY, i2pProxyConcurrency = I2P_CONCURRENCY } = options;
  const { proxyTimeoutMs = PROXY_TIMEOUT_MS } = options;
  requirePositiveInteger("concurrency", concurrency);
  requirePositiveInteger("proxyConcurrency", proxyConcurrency);
  requirePositiveInteger("i2pProxyConcurrency", i2pProxyConcurrency);
  requireTimeout("timeoutMs", timeoutMs);
  requireTimeout("proxyTimeoutMs", proxyTimeoutMs);
  const slow = {
    timeoutMs: proxyTimeoutMs,
    answerMs: proxyTimeoutMs / ANSWERS_FASTER,
    quietMs: PROXY_QUIET_MS,
  };
  const lanes: LaneBounds[] = [];
  if (proxy !== undefined) {
    lanes.push({ takes: ["tor"], proxy: parseProxy(proxy), concurrency: proxyConcurrency, ...slow });
  }
  if (i2pProxy !== undefined) {
    lanes.push({ takes: ["i2p"], proxy: parseProxy(i2pProxy), concurrency: i2pProxyConcurrency, ...slow });
  }
  const taken = lanes.flatMap(({ takes }) => takes);
  const takes = LANES.filter((lane) => !taken.includes(lane));
  return [...lanes, { takes, concurrency, timeoutMs, answerMs: timeoutMs, quietMs: QUIET_MS }];
}

/** The longest timer of Node.js is 2^31 - 1 ms; a deadline adds 1 ms. */
const MAX_TIMEOUT_MS = 2 ** 31 - 2;

function requireTimeout(name: string, timeoutMs: number): void {
  if (timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS) return;
  throw new RangeError(`expected \`${name}\` to be a number above 0, got ${timeoutMs}`);
}
