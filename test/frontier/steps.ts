/** Workers that speak to the server of a shared crawl step by step. */
import {
  type ServerConnection,
  type CrawlSettings,
  joinCrawl,
  keyPrefix,
  type Reply,
  rowsOf,
} from "@course/lib/frontier";
import type { AddressTuple } from "@course/lib/peer";

/** Begins a crawl. */
export async function begun(
  connection: ServerConnection,
  seeds: AddressTuple[],
  settings: Partial<CrawlSettings> = {},
): Promise<Steps> {
  await joinCrawl(connection, "w", { network: "practice", ...settings }, seeds);
  return new Steps(connection);
}

interface Taken {
  id: string;
  address: string;
  deliveries: number;
}

/** The steps of workers that do nothing by themselves: they renew no lease. */
export class Steps {
  constructor(readonly connection: ServerConnection) {}

  /** One exchange: delivers visits of what was taken, adds addresses, and takes up to `room`. */
  async exchange(name: string, room: number, done: Taken[] = [], heard: string[] = []): Promise<Taken[]> {
    const reply = await this.connection.run(
      "exchange",
      name,
      this.connection.runId,
      0,
      room,
      0,
      0,
      done.length,
      ...done.flatMap((one) => ["ip", one.id, one.address, `by ${name}`]),
      ...heard.flatMap((one) => ["ip", one, ""]),
    );
    const rows = rowsOf<[lane: string, id: string, address: string, deliveries: number]>(
      reply[2] as Reply[],
      4,
    );
    return rows.map(([, id, address, deliveries]) => ({ id, address, deliveries }));
  }

  /** Lets the lease of a worker run out. */
  async die(name: string): Promise<void> {
    await this.connection.ask(["HSET", `${keyPrefix(this.connection.crawl)}:leases`, name, 0]);
  }

  async results(): Promise<string[]> {
    const entries = await this.connection.ask([
      "XRANGE",
      `${keyPrefix(this.connection.crawl)}:results`,
      "-",
      "+",
    ]);
    return (entries as [string, string[]][]).map(([, [, line]]) => line);
  }
}
