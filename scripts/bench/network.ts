/** Starts the practice networks for one run of a benchmark. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { seedAddresses } from "@course/lib/discovery";
import { type AddressTuple, parseAddress } from "@course/lib/peer";
import {
  type GroundTruth,
  joinNetwork,
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
  /** Asks the DNS seeds of each network, which know nothing of each other. */
  seeds(): Promise<AddressTuple[]>;
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
  const folder = mkdtempSync(path.join(tmpdir(), "course-bench-"));
  const file = path.join(folder, "addresses");
  const lines = truth.map(({ address }) => `${parseAddress(address).join(" ")}\n`);
  writeFileSync(file, lines.join(""));
  const close = async () => {
    await Promise.all(networks.map((network) => network.close()));
    rmSync(folder, { recursive: true });
  };
  const seeds = async () => (await Promise.all(networks.map(seedsOf))).flat();
  return { file, truth, seeds, close };
}

/** Asks the DNS seeds of a network for addresses. */
async function seedsOf({ api }: LaunchedPracticeNetwork): Promise<AddressTuple[]> {
  const { seeds, resolver } = await joinNetwork({ env: {}, practiceUrl: api, log: () => {} });
  return seedAddresses([...seeds], resolver);
}
