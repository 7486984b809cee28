/**
 * A process of the grader's, in which somebody else's code is compiled or run.
 *
 * It is watched from outside: it has to send something every now and then, and ends when it does not. Nothing
 * of it outlives the grader, or the answer to the one request that it was started for.
 */
import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import type { Readable } from "node:stream";
import { MARK, type ChildMessage } from "./ipc";

/** How long a process may take to start, in milliseconds; on a busy machine that is seconds. */
const START_MS = 60_000;
/** How much of what a process prints is kept: the last of it. */
const OUTPUT_KEPT = 4000;
const MEMORY_MB = 1024;
const DRAIN_MS = 1000;

export interface Limits {
  /** How long it may say nothing, in milliseconds. */
  silenceMs: number;
  /** How long it may take for the answer, in milliseconds. */
  totalMs: number;
}

export type ChildOutcome<Answer> =
  { kind: "answer"; answer: Answer } | { kind: "timeout"; seconds: number } | { kind: "ended"; how: string };

const alive = new Set<Child>();
process.on("exit", endAll);

/** Ends all processes of the grader, at once. */
export function endAll(): void {
  for (const child of alive) child.end();
}

/** A process that runs a script of this folder, standing in the notebooks' folder. */
export class Child {
  private readonly printed = new Map<Readable, string>();
  private readonly process: ChildProcess;
  private readonly ready: Promise<unknown>;
  private readonly ended: Promise<string>;
  private readonly closed: Promise<unknown>;

  constructor(script: string, folder: string) {
    this.process = fork(path.join(__dirname, script), [], {
      cwd: folder,
      env: { ...process.env, COURSE_GRADING: "1", FORCE_COLOR: "0" },
      execArgv: [`--max-old-space-size=${MEMORY_MB}`],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: process.platform !== "win32", // a group of its own, which ends as a whole
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => this.keep(stream, text));
    }
    alive.add(this);
    this.ready = new Promise((resolve) => this.process.once("message", resolve));
    this.ended = new Promise((resolve) => {
      this.process.once("error", (error) => resolve(error.message));
      this.process.once("exit", (code, signal) => resolve(this.describeEnd(code, signal)));
    });
    this.closed = new Promise((resolve) => this.process.once("close", resolve));
    this.process.once("exit", () => alive.delete(this));
  }

  /** Sends `request`, and waits until `answerOf` makes an answer of a message, or the process ends or is late. */
  async ask<Answer>(
    request: object,
    limits: Limits,
    answerOf: (message: ChildMessage) => Answer | undefined,
  ): Promise<ChildOutcome<Answer>> {
    const ended = this.ended.then((how) => ({ kind: "ended" as const, how }));
    const patience = new Timeouts();
    const late = patience.runsOut.then((ms) => ({ kind: "timeout" as const, seconds: ms / 1000 }));
    patience.restart(START_MS);
    const first = await Promise.race([this.ready, ended, late]);
    const lost = first as { kind: string };
    if (lost.kind === "ended" || lost.kind === "timeout") return patience.stop(lost as ChildOutcome<Answer>);

    patience.limit(limits.totalMs);
    patience.restart(limits.silenceMs);
    const answered = new Promise<ChildOutcome<Answer>>((resolve) => {
      this.process.on("message", (message: ChildMessage) => {
        patience.restart(limits.silenceMs);
        const answer = answerOf(message);
        if (answer !== undefined) resolve({ kind: "answer", answer });
      });
    });
    this.process.send(request, () => {}); // that it is gone already is heard from `ended`
    const outcome = await Promise.race([answered, ended, late]);
    this.process.removeAllListeners("message");
    return patience.stop(outcome);
  }

  /** Ends it, and all that it has started. */
  end(): void {
    const { pid } = this.process;
    if (pid === undefined || this.process.exitCode !== null || this.process.signalCode !== null) return;
    try {
      if (process.platform === "win32") this.process.kill("SIGKILL");
      else process.kill(-pid, "SIGKILL");
    } catch {
      this.process.kill("SIGKILL");
    }
  }

  /** The last that it printed, from the mark on if it has printed one. */
  get output(): string {
    return [...this.printed.values()].map((text) => text.split(MARK).at(-1)).join("");
  }

  /** Waits for what it had printed before it ended; not for long, since somebody else may hold its output open. */
  async drain(): Promise<void> {
    const patience = new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref());
    await Promise.race([this.closed, patience]);
  }

  private keep(stream: Readable, text: string): void {
    this.printed.set(stream, ((this.printed.get(stream) ?? "") + text).slice(-OUTPUT_KEPT));
  }

  private describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.output.includes("heap out of memory")) return `it used more than ${MEMORY_MB} MB of memory`;
    return signal ? `signal ${signal}` : `exit code ${code}`;
  }
}

/** Two clocks: one that is wound up again with each sign of life, and one that is not. */
class Timeouts {
  readonly runsOut: Promise<number>;
  private runOut: (ms: number) => void = () => {};
  private silence: NodeJS.Timeout | undefined;
  private total: NodeJS.Timeout | undefined;

  constructor() {
    this.runsOut = new Promise((resolve) => (this.runOut = resolve));
  }

  restart(ms: number): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(this.runOut, ms, ms);
  }

  limit(ms: number): void {
    this.total = setTimeout(this.runOut, ms, ms);
  }

  stop<T>(value: T): T {
    clearTimeout(this.silence);
    clearTimeout(this.total);
    return value;
  }
}
