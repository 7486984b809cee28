/** Walls of bubblewrap: files, processes and a network of the program's own. */
import fs from "node:fs";
import path from "node:path";
import { bubblewrapCommand, HOME, networkCommand, NOBODY } from "./bubblewrap-command";
import { courseRoot } from "./course-files";
import { canBeReadByOthers, copyForOthers } from "./folder-copy";
import { environmentOf, limitsOf, nodeCommand, readableOf } from "./launch";
import { nodeFiles, systemFiles, systemLinks } from "./node-files";
import { findProgram } from "../../util/programs";
import { hasOption } from "./programs";
import { resourceLimits } from "./resource-limits";
import { makeFolder, removeFolder } from "./temporary-folder";
import { start } from "./walled-process";
import type { WalledProcess, WalledProgram, Walls } from "./walls";

/** Files of /etc that name nobody: `localhost` is found in one, and `os.userInfo()` reads another. */
const ETC = {
  hosts: "127.0.0.1 localhost\n::1 localhost\n",
  passwd: `learner:x:${NOBODY}:${NOBODY}:learner:${HOME}:/bin/sh\n`,
  group: `learner:x:${NOBODY}:\n`,
  "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
};

/** Names the folder with these files to a judge's process, which may be killed and could not remove its own. */
const ETC_FOLDER = "COURSE_WALLS_ETC";

function makeEtc(): string {
  const folder = makeFolder();
  for (const [name, text] of Object.entries(ETC))
    fs.writeFileSync(path.join(folder, name), text, { mode: 0o644 });
  return folder;
}

export class BubblewrapWalls implements Walls {
  readonly isolation = "bubblewrap";
  readonly isWeak = false;
  readonly sentence =
    "Learners' code runs in bubblewrap: it reads the course's files alone, writes none, " +
    "and reaches no network and no processes but its own.";
  private readonly has: { disableUserns: boolean; size: boolean };
  private readonly setpriv = process.getuid?.() === 0 ? findProgram("setpriv") : undefined;
  private readonly system = [...systemFiles(), ...nodeFiles(), ...(this.setpriv ? [this.setpriv] : [])];
  private readonly links = systemLinks();
  private readonly files: Record<string, string> = {};

  readonly judgeCommand: readonly string[];

  /**
   * @param bwrap The path of bubblewrap.
   * @param sharesNetwork Whether programs are in the network of this process, which is a judge's.
   */
  constructor(
    private readonly bwrap: string,
    private readonly sharesNetwork = false,
  ) {
    this.has = { disableUserns: hasOption(bwrap, "--disable-userns"), size: hasOption(bwrap, "--size") };
    const folder = process.env[ETC_FOLDER] ?? makeEtc();
    for (const name of Object.keys(ETC)) this.files[path.join("/etc", name)] = path.join(folder, name);
    this.judgeCommand = networkCommand(bwrap, { [ETC_FOLDER]: folder });
  }

  spawn(program: WalledProgram): WalledProcess {
    const limits = limitsOf(program);
    const folder = fs.realpathSync(program.folder);
    const { bwrap, setpriv, has, links, sharesNetwork } = this;
    // Inside, root is an ordinary user, who may not read what only root may.
    const copy = setpriv && !canBeReadByOthers(folder) ? makeFolder() : undefined;
    if (copy) copyForOthers(folder, path.join(copy, "folder"));
    const files = { ...this.files, ...(copy ? { [folder]: path.join(copy, "folder") } : {}) };
    const walls = bubblewrapCommand({
      ...{ bwrap, setpriv, has, files, links, folder, sharesNetwork },
      readable: [...this.system, ...readableOf(program), folder],
      hidden: [courseRoot()],
      temporaryBytes: limits.fileBytes,
    });
    const command = [
      ...resourceLimits(limits),
      ...walls,
      ...nodeCommand(program, fs.realpathSync(program.script)),
    ];
    const env = environmentOf(program, HOME, "/tmp");
    const cleanUp = (): void => void (copy && removeFolder(copy));
    return start({ command, folder, env, isWatched: true, isOneEnd: true, cleanUp }, program.stdio, limits);
  }
}

/** Returns the walls for a judge that runs in `judgeCommand`. */
export function bubblewrapInside(): BubblewrapWalls {
  return new BubblewrapWalls(findProgram("bwrap")!, true);
}
