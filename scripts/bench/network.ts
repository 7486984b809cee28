/** Starts the practice networks for one run of a benchmark. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseAddress } from "@course/lib/peer";
import {
  type GroundTruth,
  type LaunchedPracticeNetwork,
  type PracticeOptions,
  startPracticeNetwork,
} from "@course/lib/practice";
import { moveToCore } from "./cores";

/** Most peers of one process: listeners and connections share its limit on open files. */
const PEERS_PER_PROCESS = 10_000;

interface BenchNetwork {
  /** Path of a file with a host and a port per line. */
  file: string;
  /** The outcome of calling each peer, in the same order. */
  truth: GroundTruth[];
  /** Where the peers of each network begin in it: networks know nothing of each other. */
  starts: number[];
  close(): Promise<void>;
}

/** Starts practice networks with this many peers altogether, on the core for peers. */
export async function startPeers(peers: number, options: PracticeOptions): Promise<BenchNetwork> {
  const networks: LaunchedPracticeNetwork[] = [];
  for (let left = peers; left > 0; left -= PEERS_PER_PROCESS) {
    networks.push(await startPracticeNetwork({ ...options, peers: Math.min(left, PEERS_PER_PROCESS) }));
  }
  networks.forEach(({ pid }) => moveToCore("peers", pid));
  const truths = await Promise.all(networks.map((network) => network.truth()));
  const truth = truths.flat();
  const starts = truths.map((_, i) => truths.slice(0, i).flat().length);
  const folder = mkdtempSync(path.join(tmpdir(), "course-bench-"));
  const file = path.join(folder, "addresses");
  const lines = truth.map(({ address }) => `${parseAddress(address).join(" ")}\n`);
  writeFileSync(file, lines.join(""));
  const close = async () => {
    await Promise.all(networks.map((network) => network.close()));
    rmSync(folder, { recursive: true });
  };
  return { file, truth, starts, close };
}
