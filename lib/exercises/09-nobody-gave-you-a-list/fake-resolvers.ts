/** DNS resolvers for the checks of `seedAddresses`: they know what a check tells them, and ask nobody. */
import type { Resolver } from "../../discovery/seed-addresses";

/** The records of a name: its IPv4 and its IPv6 addresses. A name without an entry does not exist. */
export type Zone = Readonly<Record<string, { A?: string[]; AAAA?: string[] }>>;

function dnsError(code: string, name: string): Error {
  return Object.assign(new Error(`query${code} ${name}`), { code });
}

/** Returns a resolver that knows `zone`, and answers as that of `node:dns/promises` does. */
export function resolverOf(zone: Zone, nodePort?: number): Resolver {
  const records = (name: string, type: "A" | "AAAA"): Promise<string[]> => {
    const found = Object.hasOwn(zone, name) ? zone[name] : undefined;
    if (!found) return Promise.reject(dnsError("ENOTFOUND", name));
    const hosts = found[type];
    return hosts ? Promise.resolve([...hosts]) : Promise.reject(dnsError("ENODATA", name));
  };
  return {
    ...(nodePort !== undefined && { nodePort }),
    resolve4: (name) => records(name, "A"),
    resolve6: (name) => records(name, "AAAA"),
  };
}

/** How long a resolver waits for a second name, in milliseconds. */
const WAIT_FOR_SECOND_MS = 1000;

/** A resolver that answers nothing before it has been asked for two names, or has waited for the second. */
export class PatientResolver implements Resolver {
  /** Whether it has waited in vain. */
  isLate = false;
  private readonly names = new Set<string>();
  private open = (): void => {};
  private readonly isOpen = new Promise<void>((resolve) => (this.open = resolve));
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly resolver: Resolver) {}

  resolve4(name: string): Promise<string[]> {
    return this.ask(name, () => this.resolver.resolve4(name));
  }

  resolve6(name: string): Promise<string[]> {
    return this.ask(name, () => this.resolver.resolve6(name));
  }

  private async ask(name: string, query: () => Promise<string[]>): Promise<string[]> {
    this.timer ??= setTimeout(() => {
      this.isLate = true;
      this.open();
    }, WAIT_FOR_SECOND_MS);
    this.names.add(name);
    if (this.names.size === 2) {
      clearTimeout(this.timer);
      this.open();
    }
    await this.isOpen;
    return query();
  }
}
