/** A practice network for one run: fresh, so that no run inherits another's garbage or warm code. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { nodesToAddressTuples } from "@course/lib/bitnodes";
import {
  type GroundTruth,
  type LaunchedPracticeNetwork,
  type PracticeOptions,
  startPracticeNetwork,
} from "@course/lib/practice";
import { moveToCore } from "./cores";

/** The most that one process listens for: listeners and connections share its limit on open files. */
const PEERS_A_PROCESS = 10_000;

export interface BenchNetwork {
  /** A host and a port in each line. */
  file: string;
  /** What comes of calling each, in the same order. */
  truth: GroundTruth[];
  close(): Promise<void>;
}

/** Starts as many practice networks as so many peers need. */
export async function startPeers(peers: number, options: PracticeOptions): Promise<BenchNetwork> {
  const networks: LaunchedPracticeNetwork[] = [];
  for (let left = peers; left > 0; left -= PEERS_A_PROCESS) {
    networks.push(await startPracticeNetwork({ ...options, peers: Math.min(left, PEERS_A_PROCESS) }));
  }
  networks.forEach(({ pid }) => moveToCore("peers", pid));
  const truth = (await Promise.all(networks.map((network) => network.truth()))).flat();
  const folder = mkdtempSync(path.join(tmpdir(), "course-bench-"));
  const file = path.join(folder, "addresses");
  const lines = truth.map(({ address }) => `${tupleOf(address).join(" ")}\n`);
  writeFileSync(file, lines.join(""));
  const close = async () => {
    await Promise.all(networks.map((network) => network.close()));
    rmSync(folder, { recursive: true });
  };
  return { file, truth, close };
}

function tupleOf(address: string): [host: string, port: number] {
  return nodesToAddressTuples({ [address]: [0, "", 0, 0, 0] })[0];
}
