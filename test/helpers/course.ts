/**
 * Runs the commands of the course as a user does, for tests: as processes of their own, in this project or in
 * a copy of it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { cp, mkdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { root, venvPython } from "../../scripts/setup/paths";
import { endWithParent } from "../../scripts/setup/processes";
import { untilGone } from "./gone";

/** A running command, with what it has written so far. */
export class Command {
  private written = "";
  private readonly ended: Promise<unknown[]>;

  constructor(readonly child: ChildProcess) {
    child.stdout!.on("data", (chunk: Buffer) => this.append(chunk));
    child.stderr!.on("data", (chunk: Buffer) => this.append(chunk));
    this.ended = once(child, "close");
  }

  private append(chunk: Buffer): void {
    this.written += chunk.toString();
    this.child.emit("written");
  }

  /** What it has written to stdout and stderr, without colours and other control characters. */
  get output(): string {
    return stripVTControlCharacters(this.written);
  }

  /** Waits for its end, and returns its exit code; null if a signal ended it. */
  async exitCode(): Promise<number | null> {
    const [code] = await this.ended;
    return code as number | null;
  }

  /** Waits for output that matches, and returns the match. Rejects if the command ends before. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.output);
      if (match) return match;
      const ended = await Promise.race([once(this.child, "written"), this.ended.then(() => "ended")]);
      if (ended === "ended" && !pattern.test(this.output)) {
        throw new Error(`expected ${pattern}, and it ended with:\n${this.output}`);
      }
    }
  }

  /** Presses Ctrl-C: the signal goes to the whole process group. Waits until none of it is left. */
  async interrupt(): Promise<void> {
    process.kill(-this.child.pid!, "SIGINT");
    await this.ended;
    await untilGone([-this.child.pid!]);
  }
}

/** Returns the environment of a new terminal: without what npm and vitest have put into ours. */
export function plainEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const foreign =
    /^(npm_|VITEST|NODE_ENV$|NODE_OPTIONS$|INIT_CWD$|BITNODES_URL$|COURSE_|CI$|PYTHON$|JUPYTER)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(kept), ...more };
}

/** Starts `npm run NAME`'s script in a folder that holds the course, in a process group of its own. */
export function script(name: string, args: string[], env: NodeJS.ProcessEnv = {}, folder = root): Command {
  return program(process.execPath, [path.join(folder, "scripts", "run.cjs"), name, ...args], env, folder);
}

/** Starts a program in a process group of its own, as a shell does. */
export function program(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
  folder = root,
): Command {
  // By the end of its input, a program that ends with us knows that we are gone.
  const input = args[0] === endWithParent ? "pipe" : "ignore";
  return new Command(
    spawn(command, args, {
      cwd: folder,
      env: plainEnvironment(env),
      detached: true,
      stdio: [input, "pipe", "pipe"],
    }),
  );
}

/** Starts a command line with a shell, in a process group of its own. */
export function commandLine(line: string, folder: string, env: NodeJS.ProcessEnv = {}): Command {
  return program("sh", ["-c", line], env, folder);
}

/** Starts a program on a terminal of its own, where SIGUSR1 presses Ctrl-C. */
export function onTerminal(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
  folder = root,
): Command {
  return program(
    venvPython,
    [path.join(root, "test", "helpers", "terminal.py"), command, ...args],
    env,
    folder,
  );
}

/** Makes an empty folder, and returns its real path. */
export async function temporaryFolder(): Promise<string> {
  return realpath(mkdtempSync(path.join(os.tmpdir(), "course-")));
}

/** Makes a copy of the course with nothing set up, which shares our library and packages. */
export async function copyOfTheCourse(): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of ["scripts", "requirements.txt", "tsconfig.json", "package.json", "package-lock.json"]) {
    await cp(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  for (const name of ["lib", "node_modules", "notebooks"]) {
    await symlink(path.join(root, name), path.join(folder, name));
  }
  return folder;
}

/** Makes a folder to be the whole PATH, with these shell scripts as programs. */
export async function folderOfPrograms(programs: Record<string, string>): Promise<string> {
  const folder = path.join(await temporaryFolder(), "bin");
  await mkdir(folder);
  for (const [name, code] of Object.entries(programs)) {
    await writeFile(path.join(folder, name), `#!/bin/sh\n${code}\n`, { mode: 0o755 });
  }
  return folder;
}

export async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
