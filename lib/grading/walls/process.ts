/** What is there everywhere: a process with an environment, limits, and where it works Node's permission model. */
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { environmentOf, limitsOf, MARKER, nodeCommand, readableOf } from "./launch";
import { permissionFlags } from "./permissions";
import { resourceLimits } from "./resource-limits";
import { makeFolder, removeFolder } from "./temporary-folder";
import { start } from "./walled-process";
import type { WalledProcess, WalledProgram, Walls } from "./walls";

export class ProcessWalls implements Walls {
  readonly isolation = "process";
  readonly isWeak = true;
  readonly sentence: string;

  /**
   * @param hasPermissions Whether Node's permission model works here with threads and child processes.
   * @param remedy What would make better walls possible.
   */
  constructor(
    private readonly hasPermissions: boolean,
    remedy: string,
  ) {
    const files = hasPermissions
      ? "Node.js keeps it from your files, but not the programs that it starts; "
      : "it can read and write your files; ";
    this.sentence =
      `Learners' code runs with your own rights, in a process of its own: ${files}` +
      `your network and your processes are open to it. ${remedy}`;
  }

  spawn(program: WalledProgram): WalledProcess {
    const limits = limitsOf(program);
    const folder = fs.realpathSync(program.folder);
    const home = makeFolder();
    const readable = [...readableOf(program), folder, home];
    const flags = this.hasPermissions ? permissionFlags(readable, [home]) : [];
    const marker = randomUUID();
    const launch = {
      ...{ folder, marker, isWatched: true },
      command: [...resourceLimits(limits), ...nodeCommand(program, program.script, flags)],
      env: { ...environmentOf(program, home, home), [MARKER]: marker },
      cleanUp: () => removeFolder(home),
    };
    return start(launch, program.stdio, limits);
  }
}
