/** Watches whether a name server is asked for names of Tor and I2P, which none may be asked for (RFC 7686). */
import dns from "node:dns";
import { laneOf } from "../../peer/lane";

export interface WatchedLookups {
  /** Returns the names that were asked for so far. */
  names(): string[];
}

type Lookup = (hostname: string, ...args: unknown[]) => void;

const watching = new Set<string[]>();

/** The `lookup` of node:dns while nobody watches. */
let originalLookup: Lookup;

/** Watches `dns.lookup` until `signal` is aborted. Of the names that it notes none leaves this computer. */
export function watchLookups(signal: AbortSignal): WatchedLookups {
  const names: string[] = [];
  if (watching.size === 0) {
    originalLookup = dns.lookup as Lookup;
    Object.assign(dns, { lookup: watchedLookup });
  }
  watching.add(names);
  signal.addEventListener(
    "abort",
    () => {
      watching.delete(names);
      if (watching.size === 0) Object.assign(dns, { lookup: originalLookup });
    },
    { once: true },
  );
  return { names: () => [...names] };
}

function watchedLookup(hostname: string, ...args: unknown[]): void {
  if (laneOf([hostname, 1]) === "ip") return originalLookup(hostname, ...args);
  for (const names of watching) names.push(hostname);
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: "ENOTFOUND" });
  const callback = args.at(-1) as (error: Error) => void;
  setImmediate(callback, error);
}
