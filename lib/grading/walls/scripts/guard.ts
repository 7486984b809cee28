/** The guard: kills the programs that it was told of when its stdin ends, which is when the grader is gone. */
import { spawnSync } from "node:child_process";
import readline from "node:readline";
import type { Guarded, GuardLine } from "../guard";
import { ProcessTree } from "../process-tree";

const programs = new Map<number, Guarded>();

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", (text) => {
  const line = JSON.parse(text) as GuardLine;
  if ("guard" in line) programs.set(line.guard.pid, line.guard);
  else programs.delete(line.forget);
});
lines.on("close", () => {
  for (const program of programs.values()) {
    const { killCommand } = program;
    if (killCommand) spawnSync(killCommand[0], killCommand.slice(1), { stdio: "ignore", timeout: 10_000 });
    new ProcessTree(program).kill();
  }
});
