/**
 * A worker of the kill tests, in a process of its own: its frontier and its collector are the crawler's, its peers
 * are made up and answer within 150 ms. KILL_TASK says what it is to do.
 */
import { ServerConnection, joinCrawl, RedisFrontier } from "@course/lib/frontier";
import type { AddressTuple } from "@course/lib/peer";
import { PeerError } from "@course/lib/peer";
import { now } from "@course/lib/util";
import { readVisitLines } from "@course/lib/data";
import fs from "node:fs";
import { collectInto } from "../../scripts/crawl/collector";
import { visitsByNode } from "../../scripts/crawl/plan";
import { newFileWriter, resumedFileWriter, WriteError } from "../../scripts/crawl/visit-writer";
import { known, numberOf, peer, SEEDS } from "./made-up-peers";

export interface KillTask {
  url: string;
  crawl: string;
  name: string;
  leaseMs: number;
  /** Set for the collector: the file, and how long it takes to write a batch. */
  file?: string;
  slowMs?: number;
}

const CONCURRENCY = 30;
const VISIT_MS = 150;

async function call(task: KillTask): Promise<void> {
  const { url, crawl, name, leaseMs } = task;
  const connection = new ServerConnection(url, crawl);
  const seeds = Array.from({ length: SEEDS }, (_, i) => peer(i));
  const settings = { network: "practice", leaseMs, maxResults: 600 };
  const joined = await joinCrawl(connection, name, settings, seeds);
  const frontier = new RedisFrontier(connection, joined, { concurrency: CONCURRENCY, worker: name });
  const stop = new AbortController();
  process.once("SIGTERM", () => stop.abort());
  let underWay = 0;
  await new Promise<void>((resolve, reject) => {
    const visit = (address: AddressTuple): void => {
      underWay++;
      const startedAt = now();
      setTimeout(() => {
        underWay--;
        for (const one of known(numberOf(address))) frontier.add(one);
        const error = new PeerError("REFUSED", "made up");
        frontier.finished(address, { address, startedAt, endedAt: now(), error });
        fill();
      }, Math.random() * VISIT_MS);
    };
    const fill = (): void => {
      try {
        if (frontier.isDone || stop.signal.aborted) return resolve();
      } catch (error) {
        return reject(new Error(String(error)));
      }
      for (
        let next = underWay < CONCURRENCY && frontier.next();
        next;
        next = underWay < CONCURRENCY && frontier.next()
      ) {
        visit(next);
      }
    };
    stop.signal.addEventListener("abort", fill);
    frontier.listen(fill);
    fill();
  });
  await frontier.close();
}

async function collectAll({ url, crawl, name, file, slowMs = 0 }: KillTask): Promise<void> {
  const lines = fs.existsSync(file!) ? readVisitLines(file!) : undefined;
  const writer = lines ? resumedFileWriter(file!, lines) : newFileWriter(file!);
  const slowly = {
    ...writer,
    async writeLines(texts: readonly string[]) {
      await new Promise((resolve) => setTimeout(resolve, slowMs));
      await writer.writeLines(texts);
    },
  };
  const connection = new ServerConnection(url, crawl);
  const written = new Set(visitsByNode(lines).keys());
  const stop = new AbortController();
  process.once("SIGTERM", () => stop.abort());
  await collectInto(connection, slowly, written, () => {}, { worker: name, signal: stop.signal });
  connection.close();
}

const task = JSON.parse(process.env.KILL_TASK!) as KillTask;
(task.file === undefined ? call(task) : collectAll(task)).then(
  () => process.exit(0),
  (error: Error) => {
    console.error(`${task.name}: ${error.message}`);
    process.exit(error instanceof WriteError ? 28 : 1); // 28 is ENOSPC
  },
);
