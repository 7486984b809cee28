/** The library's crawler: everything is decoded and checked. */
import type { AddressTuple, Visit } from "@course/lib";
import { addressesIn, type Job, type Outcome, run } from "./job";

type Crawler = (job: Job, addresses: Iterable<AddressTuple>) => AsyncIterable<Visit>;

/* eslint-disable @typescript-eslint/no-require-imports -- loads what the run needs and no more: memory is measured, too */
const CRAWLERS: Record<"one" | "threads", () => Crawler> = {
  one() {
    const { crawl } = require("@course/lib/dist/crawl") as typeof import("@course/lib");
    return ({ concurrency, timeoutMs }, addresses) => crawl(addresses, { concurrency, timeoutMs });
  },
  threads() {
    const { crawlInThreads } = require("@course/lib/dist/threads") as typeof import("@course/lib");
    return ({ concurrency, timeoutMs, threads = 1 }, addresses) =>
      crawlInThreads(addresses, { threads, concurrency, timeoutMs });
  },
};

const crawler = CRAWLERS[process.argv[2].includes('"threads"') ? "threads" : "one"]();

void run(async (job) => {
  const visits: { visit: Visit; line: number }[] = [];
  const lines = new Map<string, number>();
  let received = 0;
  for await (const visit of crawler(job, job.track ? numbered(job.file, lines) : addressesIn(job.file))) {
    if (visit.versionMessage) received++;
    if (job.track) visits.push({ visit, line: lines.get(visit.address.join(" "))! });
  }
  return job.track ? { received, ...details(visits) } : { received };
});

function* numbered(file: string, lines: Map<string, number>): Generator<AddressTuple> {
  for (const address of addressesIn(file)) {
    lines.set(address.join(" "), lines.size);
    yield address;
  }
}

function details(visits: { visit: Visit; line: number }[]): Pick<Outcome, "lines" | "durations"> {
  const lines = visits.filter(({ visit }) => visit.versionMessage).map(({ line }) => line);
  const inOrder = [...visits].sort((a, b) => a.visit.startedAt - b.visit.startedAt);
  return { lines, durations: inOrder.map(({ visit }) => visit.endedAt - visit.startedAt) };
}
