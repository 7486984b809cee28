/**
 * Nothing is lost and nothing is doubled, whoever is killed and when: workers, the collector, the server, the
 * connections; and when the collector is slow, or its disk is full.
 *
 * `npm test test/frontier/kills` runs 50 rounds on 2,000 made-up peers each; `KILLS=5` five, `KILL_SEED=…`
 * repeats a run.
 */
import { ServerConnection, type FrontierServer } from "@course/lib/frontier";
import { addressString } from "@course/lib/peer";
import { Random } from "@course/lib/util";
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { root } from "../../scripts/setup/paths";
import type { KillTask } from "./kill-worker";
import { peer, PEERS } from "./made-up-peers";
import { hasServer, server } from "./servers";

const ROUNDS = Number(process.env.KILLS ?? 50);
const SEED = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);
const WORKERS = 3;
const LEASE_MS = 1000;
/** A round that takes longer has come to a standstill. */
const ROUND_MS = 60_000;

const program = path.join(root, "test", "frontier", "kill-worker.ts");

/** What happens in a round; each at a random moment. */
const BLOWS = ["worker", "worker", "collector", "server", "connections", "leave"] as const;
type Blow = (typeof BLOWS)[number];

class Round {
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "kills-"));
  readonly file = path.join(this.folder, "visits.jsonl");
  private redis!: FrontierServer;
  private readonly workers: ChildProcess[] = [];
  private collector!: ChildProcess;
  private started = 0;
  private isOver = false;
  readonly exits: string[] = [];

  constructor(
    private readonly random: Random,
    /** The collector may write so many blocks of 512 bytes, once. */
    private diskBlocks: number | undefined,
    private readonly slowMs: number,
  ) {}

  async run(blows: readonly Blow[]): Promise<void> {
    this.redis = await server(this.folder);
    try {
      for (let i = 0; i < WORKERS; i++) this.startWorker();
      this.startCollector();
      const end = this.over();
      end.catch(() => {}); // it is awaited below
      await this.begun();
      for (const blow of blows) {
        await Promise.race([sleep(this.random.integer(50, 900)), end]);
        if (!this.isOver) await this.strike(blow);
      }
      await end;
    } finally {
      this.isOver = true;
      for (const child of [...this.workers, this.collector]) child.kill("SIGKILL");
      await this.redis.stop();
      fs.rmSync(this.folder, { recursive: true, force: true });
    }
  }

  /** Resolves when the collector has ended by itself: then the crawl is over, and all visits are written. */
  private async over(): Promise<void> {
    const deadline = Date.now() + ROUND_MS;
    while (!this.isOver) {
      if (Date.now() > deadline) throw new Error(`the crawl stands still: ${await this.state()}`);
      await sleep(50);
    }
    this.written = fs.readFileSync(this.file, "utf8").split("\n").slice(0, -1);
  }
  written: string[] = [];

  /** Resolves when the first visits are there. */
  private async begun(): Promise<void> {
    while (!this.isOver && !/"ok",\[\d+,\d+,\d+,\d+,[1-9]/.test(await this.state())) await sleep(20);
  }

  private async state(): Promise<string> {
    const connection = new ServerConnection(this.redis.url, "kills");
    const state = await connection.run("status", "").then(JSON.stringify, String);
    connection.close();
    return `${state}, exits: ${this.exits.join(" ")}`;
  }

  private startWorker(): void {
    const child = this.start({}, undefined);
    this.workers.push(child);
    child.once("exit", (code, signal) => {
      this.workers.splice(this.workers.indexOf(child), 1);
      this.exits.push(`worker ${signal ?? code}`);
      // Whoever died is replaced, as somebody would do it by hand; whoever has ended finds that all is over.
      if (!this.isOver && this.workers.length < WORKERS)
        setTimeout(() => !this.isOver && this.startWorker(), 100);
    });
  }

  private startCollector(): void {
    const blocks = this.diskBlocks;
    this.diskBlocks = undefined; // then there is room again
    const child = this.start({ file: this.file, slowMs: this.slowMs }, blocks);
    this.collector = child;
    child.once("exit", (code, signal) => {
      this.exits.push(`collector ${signal ?? code}`);
      if (code === 0) this.isOver = true;
      else if (!this.isOver) setTimeout(() => !this.isOver && this.startCollector(), 100);
    });
  }

  private start(what: Partial<KillTask>, blocks: number | undefined): ChildProcess {
    const name = `${what.file ? "collector" : "worker"} ${++this.started}`;
    const task: KillTask = { url: this.redis.url, crawl: "kills", name, leaseMs: LEASE_MS, ...what };
    const limit = blocks === undefined ? "" : `ulimit -f ${blocks}; `;
    const typescript = path.join(root, "scripts", "cli", "typescript.cjs");
    return spawn("sh", ["-c", `${limit}exec "$0" -r "$1" "$2"`, process.execPath, typescript, program], {
      env: { ...process.env, KILL_TASK: JSON.stringify(task) },
      stdio: ["ignore", "ignore", "pipe"],
    });
  }

  private async strike(blow: Blow): Promise<void> {
    const worker = this.workers[this.random.integer(0, Math.max(0, this.workers.length - 1))];
    if (blow === "worker") worker?.kill("SIGKILL");
    else if (blow === "leave") worker?.kill("SIGTERM");
    else if (blow === "collector") this.collector.kill("SIGKILL");
    else if (blow === "connections") await this.cut();
    else await this.restart();
  }

  private async cut(): Promise<void> {
    const connection = new ServerConnection(this.redis.url, "kills");
    await connection.ask(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]).catch(() => {});
    connection.close();
  }

  /** Kills the server. What it had not yet on the disk is lost: up to a second. */
  private async restart(): Promise<void> {
    process.kill(this.redis.pid, "SIGKILL");
    await this.redis.stop();
    this.redis = await server(this.folder);
  }
}

describe.runIf(hasServer)("a shared crawl in which anything may be killed", () => {
  test(
    `a shared crawl in which anything may be killed visits ${PEERS} peers in each of ${ROUNDS} rounds, and the file has each once (KILL_SEED=${SEED})`,
    async () => {
      const random = new Random(SEED, "kills");
      const expected = Array.from({ length: PEERS }, (_, i) => addressString(peer(i))).sort();
      const seen = new Set<string>();
      for (let round = 1; round <= ROUNDS; round++) {
        const blows = Array.from(
          { length: random.integer(1, 5) },
          () => BLOWS[random.integer(0, BLOWS.length - 1)],
        );
        const fullDisk = random.integer(0, 3) === 0 ? random.integer(8, 400) : undefined;
        const slowMs = random.integer(0, 3) === 0 ? 150 : 0;
        const one = new Round(random, fullDisk, slowMs);
        const what = `KILL_SEED=${SEED}, round ${round}: ${blows.join(", ")}${fullDisk ? `, a disk of ${fullDisk} blocks` : ""}${slowMs ? ", a slow collector" : ""}`;
        await one.run(blows).catch((error: Error) => {
          throw new Error(`${what}: ${error.message}`);
        });
        const written = one.written.map((line) => {
          const { address } = JSON.parse(line) as { address: [string, number] };
          return addressString(address);
        });
        expect(new Set(written).size, `${what}: doubled`).toBe(written.length);
        expect(written.sort(), what).toEqual(expected);
        for (const exit of one.exits) seen.add(exit);
        console.log(`${what}: ${one.exits.join(", ")}`);
      }
      if (ROUNDS >= 20) expect(seen).toContain("collector 28");
    },
    ROUNDS * ROUND_MS,
  );
});
