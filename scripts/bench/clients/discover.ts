/**
 * A discovery: from a few addresses of the list to the whole network.
 *
 * Reports which addresses of the list were heard of and which answered, and the memory that each known
 * address takes. Writes all addresses that were heard of to `heardFile`.
 */
import { writeFileSync } from "node:fs";
import type { AddressTuple } from "@course/lib/peer";
import { addressesIn, type DiscoverJob, run } from "./job";
import { usedBytes } from "./used-bytes";

/* eslint-disable @typescript-eslint/no-require-imports -- loads only what the run needs: memory is measured, too */
const { discover, Frontier } = require("@course/lib/discovery") as typeof import("@course/lib/discovery");
const { nodeKey } = require("@course/lib/peer") as typeof import("@course/lib/peer");

void run<DiscoverJob>(async ({ seeds, heardFile, concurrency, timeoutMs, ...job }) => {
  const frontier = new Frontier();
  const heard: AddressTuple[] = [];
  const answered: AddressTuple[] = [];
  const before = usedBytes();
  let [mentions, bytes] = [0, 0];
  const visits = discover(seeds, concurrency, {
    timeoutMs,
    frontier,
    onNew: (address) => heard.push(address),
  });
  for await (const visit of visits) {
    mentions += visit.told ?? 0;
    if (visit.versionMessage) answered.push(visit.address);
    if (!frontier.isDone) continue;
    writeFileSync(heardFile, heard.map((address) => `${address.join(" ")}\n`).join(""));
    heard.length = 0; // what only the benchmark keeps is not the discovery's memory
    bytes = usedBytes() - before;
  }
  return () => {
    const lineOf = new Map([...addressesIn(job)].map((address, line) => [nodeKey(address), line]));
    const linesOf = (addresses: Iterable<AddressTuple>) =>
      [...addresses].flatMap((address) => lineOf.get(nodeKey(address)) ?? []);
    const lines = linesOf(answered);
    const known = linesOf(addressesIn({ file: heardFile, repetitions: 1 }));
    return { received: lines.length, lines, known, mentions, heardOf: frontier.heardOf, bytes };
  };
});
