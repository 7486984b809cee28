/** Walls of another user, for a grader that is root where bubblewrap does not work, as in most containers. */
import fs from "node:fs";
import path from "node:path";
import { dropTo } from "./bubblewrap-command";
import { courseRoot } from "./course-files";
import { canBeReachedByOthers, canBeReadByOthers, copyForOthers } from "./folder-copy";
import { landlock } from "./landlock";
import { environmentOf, limitsOf, nodeCommand, readableOf } from "./launch";
import { nodeFiles, systemFiles } from "./node-files";
import { readProcesses, userOf } from "./process-table";
import { resourceLimits } from "./resource-limits";
import { makeFolder, removeFolder } from "./temporary-folder";
import { start } from "./walled-process";
import type { WalledProcess, WalledProgram, Walls } from "./walls";

/** Users of no system's own: a program gets one of these to itself. Containers may have no higher ones. */
const USERS = { first: 40_000, count: 20_000 };

/** Where `localhost` is looked up. */
const NAMES = ["/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf"];

export class UserWalls implements Walls {
  readonly isolation = "user";
  readonly isWeak = false;
  readonly sentence: string;
  private readonly system = [
    ...systemFiles(),
    ...nodeFiles(),
    ...NAMES.filter((file) => fs.existsSync(file)),
    "/proc",
  ];

  /**
   * @param setpriv The path of setpriv.
   * @param hasLandlock Whether setpriv restricts files by Landlock.
   */
  constructor(
    private readonly setpriv: string,
    private readonly hasLandlock: boolean,
  ) {
    const files = hasLandlock
      ? "it reads the course's files alone and writes none"
      : "it writes no file of yours, but reads what every user of this machine may read";
    this.sentence = `Learners' code runs as another user: ${files}, ends no process of yours, and reaches the network.`;
  }

  spawn(program: WalledProgram): WalledProcess {
    const limits = limitsOf(program);
    const uid = freeUser();
    const own = makeFolder();
    const home = path.join(own, "home");
    fs.mkdirSync(home, { mode: 0o700 });
    fs.chownSync(home, uid, uid);
    const folder = folderFor(fs.realpathSync(program.folder), own);
    const drop = [this.setpriv, ...dropTo(uid), "--pdeathsig", "KILL"];
    const readable = [...readableOf(program), folder, own];
    const files = this.hasLandlock ? landlock([...this.system, ...readable], [home]) : [];
    const command = [
      ...resourceLimits(limits, true),
      ...drop,
      ...files,
      ...nodeCommand(program, program.script),
    ];
    const launch = {
      ...{ command, folder, uid, isWatched: true },
      env: environmentOf(program, home, home),
      // `kill -1` ends all processes of a user at once, however fast they start others.
      killCommand: [this.setpriv, ...dropTo(uid), "/bin/sh", "-c", "kill -KILL -1"],
      cleanUp: () => removeFolder(own),
    };
    return start(launch, program.stdio, limits);
  }
}

/** Returns the folder, or a copy of it in `own` if other users cannot read it. */
function folderFor(folder: string, own: string): string {
  if (canBeReachedByOthers(folder) && canBeReadByOthers(folder)) return folder;
  const copy = path.join(own, "folder");
  copyForOthers(folder, copy);
  // `@course/lib` is found from the copy as from the folder.
  fs.symlinkSync(path.join(courseRoot(), "node_modules"), path.join(own, "node_modules"));
  return copy;
}

const taken = new Set<number>();

/** Returns a user who runs nothing. */
function freeUser(): number {
  const busy = new Set([...readProcesses().map(({ pid }) => userOf(pid)), ...taken]);
  let uid: number;
  do uid = USERS.first + Math.floor(Math.random() * USERS.count);
  while (busy.has(uid));
  taken.add(uid);
  return uid;
}
