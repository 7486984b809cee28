/**
 * The child of open-files-limit.ts.
 *
 * It reads a LimitedCrawl from stdin, and writes the count of each outcome to stdout.
 */
import { text } from "node:stream/consumers";
import { getVersionMessagesConcurrently } from "../crawl/concurrently";
import type { LimitedCrawl } from "./open-files-limit";

async function main(): Promise<void> {
  const { addresses, concurrency } = JSON.parse(await text(process.stdin)) as LimitedCrawl;
  const outcomes: Record<string, number> = {};
  for (const { error } of await getVersionMessagesConcurrently(addresses, concurrency)) {
    const outcome = error?.code ?? "version";
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  process.stdout.write(JSON.stringify(outcomes));
}

void main();
