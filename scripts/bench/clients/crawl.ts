/** The library's crawler: everything is decoded and checked. */
import type { AddressTuple, Visit } from "@course/lib/peer";
import { addressesIn, type ClientJob, type ClientOutcome, run } from "./job";

type Crawler = (job: ClientJob, addresses: Iterable<AddressTuple>) => AsyncIterable<Visit>;

/* eslint-disable @typescript-eslint/no-require-imports -- loads what the run needs and no more: memory is measured, too */
const CRAWLERS: Record<"one" | "threads", () => Crawler> = {
  one() {
    const { crawl } = require("@course/lib/crawl") as typeof import("@course/lib/crawl");
    return ({ concurrency, timeoutMs }, addresses) => crawl(addresses, { concurrency, timeoutMs });
  },
  threads() {
    const { crawlInThreads } = require("@course/lib/workers") as typeof import("@course/lib/workers");
    return ({ concurrency, timeoutMs, threads = 1 }, addresses) =>
      crawlInThreads(addresses, { threads, concurrency, timeoutMs });
  },
};

const crawler = CRAWLERS[process.argv[2].includes('"threads"') ? "threads" : "one"]();

/** What is noted of each visit: little, since it counts as the crawler's work. */
class Notes {
  private readonly lines = new Map<AddressTuple, number>();
  private readonly heard: number[] = [];
  private readonly times: { startedAt: number; duration: number }[] = [];

  *numbered(addresses: Iterable<AddressTuple>): Generator<AddressTuple> {
    let line = 0;
    for (const address of addresses) {
      this.lines.set(address, line++);
      yield address;
    }
  }

  add({ address, versionMessage, startedAt, endedAt }: Visit): void {
    if (versionMessage) this.heard.push(this.lines.get(address)!);
    this.lines.delete(address);
    this.times.push({ startedAt, duration: endedAt - startedAt });
  }

  outcome(): Pick<ClientOutcome, "lines" | "durations"> {
    const inOrder = this.times.sort((a, b) => a.startedAt - b.startedAt);
    return { lines: this.heard, durations: inOrder.map(({ duration }) => duration) };
  }
}

void run(async (job) => {
  const notes = new Notes();
  let received = 0;
  for await (const visit of crawler(job, job.track ? notes.numbered(addressesIn(job)) : addressesIn(job))) {
    if (visit.versionMessage) received++;
    if (job.track) notes.add(visit);
  }
  return job.track ? { received, ...notes.outcome() } : { received };
});
