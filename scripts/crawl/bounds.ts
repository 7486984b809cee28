/** Which flags of `npm run crawl` fit together, and how much they may ask of other people's computers. */
import { defaultConcurrency, type ProxyOptions } from "@course/lib/crawl";
import type { Network } from "@course/lib/practice";
import { formatCount, UsageError } from "@course/lib/util";
import { type Flags, OWN, POLITE_CONCURRENCY, PRACTICE_CIRCUITS, program, STDOUT } from "./options";

/** The flags that mean something with --frontier alone. */
const WITH_FRONTIER = ["crawl", "inAll", "status", "forget"] as const;

/** The flags that mean something with --discover alone. */
const WITH_DISCOVER = ["seeds", "maxAddresses", "maxAge", "exclude", "contact", "dryRun"] as const;

/**
 * Checks flags that depend on one another.
 *
 * @throws UsageError if one is given that has no meaning without another.
 */
export function requireFlagsFit(flags: Flags): void {
  const { discover, frontier, status, forget, proxy, i2pProxy } = flags;
  if (proxy === false && i2pProxy !== undefined) {
    throw new UsageError("--no-proxy calls no node on I2P, and needs no --i2p-proxy: leave out one of them");
  }
  if (frontier === undefined) {
    requireNone(
      flags,
      WITH_FRONTIER,
      "is about a shared crawl: add --frontier redis://HOST:PORT, or leave it out",
    );
  } else if (!discover && !status && !forget) {
    throw new UsageError(
      "--frontier is where a discovery keeps its addresses: add --discover, or leave it out",
    );
  } else if (flags.dryRun) {
    throw new UsageError("--dry-run calls nobody, and needs no --frontier: leave out one of them");
  } else if (flags.json === STDOUT && (flags.snapshot ?? flags.parquet) !== undefined) {
    throw new UsageError(
      "a shared crawl makes --snapshot and --parquet of visits that are in a file: use --json FILE instead of --json -, or leave it out",
    );
  }
  if (!discover) {
    requireNone(flags, WITH_DISCOVER, "says how to discover a network: add --discover, or leave it out");
  }
}

function requireNone(flags: Flags, names: readonly (keyof Flags)[], why: string): void {
  const lonely = names.find((name) => flags[name] !== undefined);
  if (lonely === undefined) return;
  const { long } = program.options.find((option) => option.attributeName() === lonely)!;
  throw new UsageError(`${long} ${why}`);
}

/**
 * Returns how many visits all machines of a shared crawl make at a time; undefined for any number.
 *
 * @throws UsageError if that is too many for other people's computers.
 */
export function inAllFor({ name }: Network, { inAll }: Flags): number | undefined {
  return name === "practice" || inAll === undefined ? inAll : polite("--in-all", inAll);
}

/**
 * Returns how many visits to make at a time.
 *
 * @throws UsageError if that is too many for other people's computers.
 */
export function concurrencyFor({ name }: Network, { concurrency, v2 = false }: Flags): number {
  if (name === "practice") return concurrency ?? defaultConcurrency(v2);
  return polite("--concurrency", concurrency ?? POLITE_CONCURRENCY);
}

/** Returns the value of a flag, if other people's computers can bear so many visits at a time. */
function polite(flag: string, count: number): number {
  if (count <= POLITE_CONCURRENCY) return count;
  throw new UsageError(
    `${flag}: expected at most ${POLITE_CONCURRENCY} on a network of other people's computers, got ${formatCount(count)}`,
  );
}

/**
 * Returns through which proxies to call nodes behind Tor and on I2P, and how.
 *
 * @throws UsageError if the practice network's are wanted, and there are none.
 */
export function proxiesFor(network: Network, flags: Flags): ProxyOptions {
  const { proxy, i2pProxy, proxyConcurrency: given, proxyTimeout } = flags;
  const isPractice = network.name === "practice";
  const both = proxy ?? (flags.discover === true && isPractice ? OWN : undefined);
  const [ofTor, ofI2p] = [both || undefined, i2pProxy ?? (both === OWN ? OWN : undefined)];
  if (
    (proxy === OWN && network.proxy === undefined) ||
    (i2pProxy === OWN && network.i2pProxy === undefined)
  ) {
    const flag = proxy === OWN ? "--proxy" : "--i2p-proxy";
    throw new UsageError(`${flag} practice: the network that you have joined has no proxies of its own`);
  }
  const circuits = (of: string | undefined) => given ?? (of === OWN ? PRACTICE_CIRCUITS : undefined);
  return {
    proxy: ofTor === OWN ? network.proxy : ofTor,
    i2pProxy: ofI2p === OWN ? network.i2pProxy : ofI2p,
    proxyConcurrency: circuits(ofTor),
    i2pProxyConcurrency: circuits(ofI2p),
    proxyTimeoutMs: proxyTimeout === undefined ? undefined : proxyTimeout * 1000,
  };
}
