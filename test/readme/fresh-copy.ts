/** A copy of the project as a fresh clone has it: the files that git knows or would take, and nothing else. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { vi } from "vitest";
import { root } from "../../scripts/setup/paths";

export interface FreshCopy {
  readonly folder: string;
  remove(): Promise<void>;
}

export function freshCopy(): FreshCopy {
  const folder = mkdtempSync(path.join(tmpdir(), "course-"));
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
  });
  const deleted = execFileSync("git", ["ls-files", "-z", "--deleted"], { cwd: root });
  const gone = new Set(String(deleted).split("\0"));
  for (const file of String(listed).split("\0")) {
    if (file && !gone.has(file)) cpSync(path.join(root, file), path.join(folder, file));
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** What a command came to. */
export interface Outcome {
  status: number | null;
  /** stdout and stderr, as they came. */
  said: string;
}

/** A command line that is running. */
export class Running {
  said = "";
  private readonly listeners = new Set<() => void>();
  readonly ended: Promise<Outcome>;

  private constructor(private readonly child: ChildProcess) {
    const hear = (text: Buffer) => {
      this.said += String(text);
      for (const listener of this.listeners) listener();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    this.ended = once(child, "close").then(([status]) => ({
      status: status as number | null,
      said: this.said,
    }));
  }

  /** Starts a command line with a shell, in a process group of its own, as a terminal does. */
  static start(command: string, folder: string, env: NodeJS.ProcessEnv = {}): Running {
    const child = spawn(command, {
      cwd: folder,
      shell: true,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...cleanEnvironment(), ...env },
    });
    return new Running(child);
  }

  /** Resolves once it has said something that matches. Rejects with all it said if it ends before. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.said);
      if (found) return found;
      const more = new Promise<void>((resolve) => this.listeners.add(resolve));
      const outcome = await Promise.race([more, this.ended]);
      if (outcome && !pattern.test(this.said)) {
        throw new Error(`expected ${pattern}, but it ended with ${outcome.status}:\n${outcome.said}`);
      }
    }
  }

  /** Ctrl-C: the signal goes to the whole group. Resolves once no process of the group is left. */
  async interrupt(): Promise<void> {
    process.kill(-this.child.pid!, "SIGINT");
    await this.ended;
    await vi.waitUntil(() => !this.groupExists(), { timeout: 30_000 });
  }

  private groupExists(): boolean {
    try {
      return process.kill(-this.child.pid!, 0);
    } catch {
      return false;
    }
  }
}

/** The environment of a new terminal: without what npm and vitest have put into ours. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(npm_|VITEST|NODE_ENV$|INIT_CWD$|CI$|BITNODES_URL$|COURSE_|JUPYTER)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
