/** A program behind walls, from its start until none of its processes is left. */
import { type ChildProcess, spawn, spawnSync, type StdioOptions } from "node:child_process";
import { guard } from "./guard";
import { withoutInherited } from "./inherited-files";
import type { Launch } from "./launch";
import { brokenByOutput, brokenByProcesses } from "./limit-check";
import { ProcessTree } from "./process-tree";
import { type ProcessEntry, readDescendants } from "./process-table";
import type { ProgramLimits, WalledProcess } from "./walls";
import { watch } from "./watchdog";

const alive = new Set<Walled>();
process.on("exit", () => {
  for (const program of alive) program.end();
});

/** Starts a program as `launch` says. */
export function start(launch: Launch, stdio: StdioOptions, limits: ProgramLimits): WalledProcess {
  return new Walled(launch, stdio, limits);
}

class Walled implements WalledProcess {
  readonly child: ChildProcess;
  brokenLimit: string | undefined;
  private readonly tree: ProcessTree | undefined;
  private readonly stopWatching: () => void;
  private readonly stopGuarding: () => void;

  constructor(
    private readonly launch: Launch,
    stdio: StdioOptions,
    private readonly limits: ProgramLimits,
  ) {
    const [program, ...args] = launch.command;
    this.child = spawn(program, args, {
      cwd: launch.folder,
      env: launch.env,
      stdio: withoutInherited(stdio),
      detached: process.platform !== "win32", // leads a session, so that its processes are found
    });
    const { pid } = this.child;
    const { uid, marker, killCommand } = launch;
    this.tree = pid === undefined ? undefined : new ProcessTree({ pid, uid, marker });
    this.stopWatching = watch((readTable) => this.look(readTable));
    this.stopGuarding =
      pid !== undefined && (marker ?? killCommand) ? guard({ pid, uid, marker, killCommand }) : () => {};
    alive.add(this);
    // The end of the first process ends all others: nothing that a learner starts outlives its grade.
    this.child.once("exit", () => this.finish());
    this.child.once("error", () => this.finish());
  }

  end(): void {
    if (!alive.has(this)) return;
    this.child.kill("SIGKILL");
    this.killAll();
  }

  private finish(): void {
    if (!alive.delete(this)) return;
    this.stopWatching();
    this.look(() => []); // what was printed since the last look
    this.killAll();
    this.stopGuarding();
    this.launch.cleanUp?.();
  }

  private killAll(): void {
    const { killCommand, isOneEnd } = this.launch;
    if (killCommand) spawnSync(killCommand[0], killCommand.slice(1), { stdio: "ignore", timeout: 10_000 });
    if (!isOneEnd) this.tree?.kill();
  }

  private look(readTable: () => ProcessEntry[]): void {
    if (this.brokenLimit !== undefined) return;
    this.brokenLimit = brokenByOutput(this.child, this.limits) ?? this.brokenByProcesses(readTable);
    if (this.brokenLimit !== undefined) this.end();
  }

  private brokenByProcesses(readTable: () => ProcessEntry[]): string | undefined {
    const { tree, launch, limits } = this;
    if (!launch.isWatched || !tree) return undefined;
    const own = launch.isOneEnd && alive.has(this) ? readDescendants(this.child.pid!) : undefined;
    return brokenByProcesses(tree, own ?? readTable(), limits);
  }
}
