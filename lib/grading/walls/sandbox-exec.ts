/** Walls of macOS: sandbox-exec, with a profile of ours. */
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { environmentOf, limitsOf, MARKER, nodeCommand, readableOf } from "./launch";
import { makeFolder, removeFolder } from "./temporary-folder";
import { start } from "./walled-process";
import type { WalledProcess, WalledProgram, Walls } from "./walls";

/** What programs of macOS read when they start. */
const SYSTEM = ["/usr/lib", "/usr/bin", "/bin", "/System", "/Library/Preferences", "/private/etc/hosts"];
const HOMEBREW = ["/opt/homebrew", "/usr/local/lib", "/usr/local/opt", "/usr/local/Cellar"];
const DEVICES = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"];

/**
 * Returns the profile with which a program reads and writes only some files, and reaches only this machine.
 *
 * An address such as `127.0.0.1:*` is an error that ends the whole profile: names stand for addresses here.
 */
export function sandboxProfile(readable: readonly string[], writable: readonly string[]): string {
  const list = (kind: string, paths: readonly string[]): string =>
    paths.map((one) => `(${kind} ${JSON.stringify(one)})`).join(" ");
  return [
    "(version 1)",
    "(deny default)",
    "(allow process-fork) (allow process-exec)",
    "(allow signal (target same-sandbox))",
    "(allow sysctl-read) (allow mach-lookup) (allow ipc-posix-shm-read*)",
    // Paths are looked up folder by folder.
    "(allow file-read-metadata)",
    `(allow file-read* (literal "/") ${list("literal", DEVICES)})`,
    `(allow file-read* file-map-executable ${list("subpath", [...readable, ...writable])})`,
    `(allow file-write* ${list("subpath", writable)} ${list("literal", DEVICES)})`,
    '(allow network-bind network-inbound (local ip "localhost:*"))',
    '(allow network-outbound (remote ip "localhost:*"))',
  ].join("\n");
}

export class SandboxExecWalls implements Walls {
  readonly isolation = "sandbox-exec";
  readonly isWeak = false;
  readonly sentence =
    "Learners' code runs in sandbox-exec: it reads the course's files alone, writes none, " +
    "and reaches no network, but servers on this machine.";

  /** @param sandboxExec The path of sandbox-exec. */
  constructor(private readonly sandboxExec: string) {}

  spawn(program: WalledProgram): WalledProcess {
    const limits = limitsOf(program);
    const folder = fs.realpathSync(program.folder);
    const home = makeFolder();
    const node = path.dirname(path.dirname(fs.realpathSync(process.execPath)));
    const readable = [
      ...SYSTEM,
      ...HOMEBREW.filter((one) => node.startsWith(one)),
      node,
      ...readableOf(program),
      folder,
    ];
    const marker = randomUUID();
    const profile = sandboxProfile(readable, [home]);
    const launch = {
      ...{ folder, marker, isWatched: true },
      command: [this.sandboxExec, "-p", profile, ...nodeCommand(program, fs.realpathSync(program.script))],
      env: { ...environmentOf(program, home, home), [MARKER]: marker },
      cleanUp: () => removeFolder(home),
    };
    return start(launch, program.stdio, limits);
  }
}
