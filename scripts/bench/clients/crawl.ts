/** The library's crawler, in one thread or several: decodes and checks every version message. */
import type { AddressTuple, Visit } from "@course/lib/peer";
import { addressesIn, type ClientJob, type ClientOutcome, readJob, run } from "./job";

type Crawler = (job: ClientJob, addresses: Iterable<AddressTuple>) => AsyncIterable<Visit>;

/* eslint-disable @typescript-eslint/no-require-imports -- loads only what the run needs: memory is measured, too */
const LOADERS: Record<"one" | "threads", () => Crawler> = {
  one() {
    const { crawl } = require("@course/lib/crawl") as typeof import("@course/lib/crawl");
    return ({ concurrency, timeoutMs, v2 }, addresses) => crawl(addresses, { concurrency, timeoutMs, v2 });
  },
  threads() {
    const { crawlInThreads } = require("@course/lib/workers") as typeof import("@course/lib/workers");
    return ({ concurrency, timeoutMs, v2, threads = 1 }, addresses) =>
      crawlInThreads(addresses, { threads, concurrency, timeoutMs, v2 });
  },
};

const crawler = LOADERS[readJob().threads === undefined ? "one" : "threads"]();

/** Records little of each visit, since its work counts as the crawler's. */
class VisitRecords {
  private readonly lines = new Map<AddressTuple, number>();
  private readonly answered: number[] = [];
  private readonly times: { startedAt: number; duration: number }[] = [];

  *numbered(addresses: Iterable<AddressTuple>): Generator<AddressTuple> {
    let line = 0;
    for (const address of addresses) {
      this.lines.set(address, line++);
      yield address;
    }
  }

  add({ address, versionMessage, startedAt, endedAt }: Visit): void {
    if (versionMessage) this.answered.push(this.lines.get(address)!);
    this.lines.delete(address);
    this.times.push({ startedAt, duration: endedAt - startedAt });
  }

  outcome(): Pick<ClientOutcome, "lines" | "durations"> {
    const inOrder = this.times.sort((a, b) => a.startedAt - b.startedAt);
    return { lines: this.answered, durations: inOrder.map(({ duration }) => duration) };
  }
}

void run(async (job) => {
  const records = new VisitRecords();
  let received = 0;
  for await (const visit of crawler(job, job.track ? records.numbered(addressesIn(job)) : addressesIn(job))) {
    if (visit.versionMessage) received++;
    if (job.track) records.add(visit);
  }
  return job.track ? { received, ...records.outcome() } : { received };
});
