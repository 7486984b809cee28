/** The grader's side of the courts: see court.ts. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { NotebookRun } from "../notebook-run";
import type { FromCourt, ToCourt } from "./court";

const alive = new Set<Court>();
process.on("exit", () => {
  for (const court of alive) court.end();
});

/** Courts that have nothing to do. */
const idle: Court[] = [];

/** Starts a court ahead, unless there are `most` already. */
export function prepareCourt(command: readonly string[], most: number): void {
  if (alive.size < most) idle.push(new Court(command));
}

/** Runs a notebook in a court: one that is idle, or a new one, which `command` starts. */
export async function runInCourt(command: readonly string[], request: ToCourt): Promise<NotebookRun> {
  const court = takeIdle() ?? new Court(command);
  const run = await court.run(request);
  if (alive.has(court)) idle.push(court);
  return run;
}

/** Returns the court that has been idle for longest. One may have ended meanwhile. */
function takeIdle(): Court | undefined {
  const living = idle.splice(0).filter((court) => alive.has(court));
  const first = living.shift();
  idle.push(...living);
  return first;
}

class Court {
  private readonly child: ChildProcess;
  private readonly ended: Promise<never>;
  private readonly ready: Promise<unknown>;

  constructor([program, ...args]: readonly string[]) {
    const script = path.join(__dirname, "court.js");
    this.child = spawn(program, [...args, process.execPath, script], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      serialization: "advanced",
      env: { ...process.env, NODE_EXTRA_CA_CERTS: undefined }, // see child.ts
      detached: process.platform !== "win32", // Ctrl-C is the grader's business
    });
    alive.add(this);
    this.ended = new Promise((_, reject) => {
      this.child.once("error", reject);
      this.child.once("exit", (code, signal) => {
        alive.delete(this);
        reject(new Error(`a judge's process ended (${signal ?? `exit code ${code}`}): grade again`));
      });
    });
    this.ended.catch(() => {});
    this.ready = once(this.child, "message");
    this.ready.catch(() => {}); // `ended` says it, too
    this.stayAwake(false);
  }

  async run(request: ToCourt): Promise<NotebookRun> {
    this.stayAwake(true);
    try {
      await Promise.race([this.ready, this.ended]);
      this.child.send(request);
      const [answer] = (await Promise.race([once(this.child, "message"), this.ended])) as [FromCourt];
      if ("run" in answer) return answer.run;
      throw new Error("problem" in answer ? answer.problem : "expected a run, got something else");
    } finally {
      this.stayAwake(false);
    }
  }

  end(): void {
    this.child.kill("SIGKILL");
  }

  /** Says whether the grader has to wait for this process before it ends. */
  private stayAwake(isBusy: boolean): void {
    const { child } = this;
    if (isBusy) {
      child.ref();
      child.channel?.ref();
    } else {
      child.unref();
      child.channel?.unref();
    }
  }
}
