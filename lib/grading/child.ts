/**
 * A child process of the grader, in which a learner's code is compiled.
 *
 * The grader supervises it: a child that sends no message for too long is reported as timed out.
 * Children end with the grader, and with all processes that they have started.
 */
import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import type { ChildMessage } from "./ipc";
import { OutputTail } from "./output-tail";
import { Timeouts } from "./timeouts";

/** Time limit for the start of a child, in milliseconds. On a busy machine a start takes seconds. */
const START_MS = 60_000;
/** Characters kept of each of a child's output streams, from its end. */
const MAX_OUTPUT_LENGTH = 4000;
const MEMORY_MB = 1024;
/**
 * A compiler makes much that it soon throws away. With more room for that, it is collected less often: a class is
 * compiled in nine tenths of the time.
 */
const FLAGS = ["--max-semi-space-size=64"];

export interface Limits {
  /** Longest time without a message, in milliseconds. */
  silenceMs: number;
  /** Longest time until the answer, in milliseconds. */
  totalMs: number;
}

type ChildOutcome<Answer> =
  | { kind: "answer"; answer: Answer }
  | { kind: "timeout"; seconds: number }
  | { kind: "ended"; reason: string };

const alive = new Set<Child>();
process.on("exit", endAll);

/** Kills all children of the grader. */
export function endAll(): void {
  for (const child of alive) child.end();
}

/** A process that runs a script of this folder. Its working directory is the notebooks' folder. */
export class Child {
  private readonly outputTail: OutputTail;
  private readonly process: ChildProcess;
  private readonly ready: Promise<unknown>;
  private readonly ended: Promise<string>;

  constructor(script: string, folder: string) {
    this.process = fork(path.join(__dirname, script), {
      cwd: folder,
      // Node.js reads such certificates before it begins, which takes as long as all else of its start.
      env: { ...process.env, FORCE_COLOR: "0", NODE_EXTRA_CA_CERTS: undefined },
      execArgv: [`--max-old-space-size=${MEMORY_MB}`, ...FLAGS],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: process.platform !== "win32", // a process group of its own, which `end` kills as a whole
    });
    this.outputTail = new OutputTail(this.process, MAX_OUTPUT_LENGTH);
    alive.add(this);
    this.ready = new Promise((resolve) => this.process.once("message", resolve));
    this.ended = new Promise((resolve) => {
      this.process.once("error", (error) => resolve(error.message));
      this.process.once("exit", (code, signal) => resolve(this.describeEnd(code, signal)));
    });
    this.process.once("exit", () => alive.delete(this));
  }

  /**
   * Sends `request`. Resolves when `answerOf` returns an answer for a message, when the process ends, or when
   * a time limit is over.
   */
  async ask<Answer>(
    request: object,
    limits: Limits,
    answerOf: (message: ChildMessage) => Answer | undefined,
  ): Promise<ChildOutcome<Answer>> {
    const ended = this.ended.then((reason) => ({ kind: "ended" as const, reason }));
    const timeouts = new Timeouts();
    const late = timeouts.expired.then((ms) => ({ kind: "timeout" as const, seconds: ms / 1000 }));
    timeouts.restart(START_MS);
    const started = this.ready.then(() => undefined);
    const failedStart = await Promise.race([started, ended, late]);
    if (failedStart) {
      timeouts.stop();
      return failedStart;
    }

    timeouts.limitTotal(limits.totalMs);
    timeouts.restart(limits.silenceMs);
    const answered = new Promise<ChildOutcome<Answer>>((resolve) => {
      this.process.on("message", (message: ChildMessage) => {
        timeouts.restart(message.kind === "starting" ? START_MS : limits.silenceMs);
        const answer = answerOf(message);
        if (answer !== undefined) resolve({ kind: "answer", answer });
      });
    });
    this.process.send(request, () => {}); // ignore send errors: `ended` reports the exit
    const outcome = await Promise.race([answered, ended, late]);
    this.process.removeAllListeners("message");
    timeouts.stop();
    return outcome;
  }

  /** Kills the process and all processes that it has started. */
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

  /** The end of what the process printed. */
  get output(): string {
    return this.outputTail.texts.join("");
  }

  private describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.outputTail.hasRunOutOfMemory) return `it used more than ${MEMORY_MB} MB of memory`;
    return signal ? `signal ${signal}` : `exit code ${code}`;
  }
}
