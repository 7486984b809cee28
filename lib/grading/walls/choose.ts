/** Chooses the walls: the strongest that work on this machine, or those that are wished for. */
import { execFile } from "node:child_process";
import { UsageError } from "../../util/usage-error";
import { BubblewrapWalls } from "./bubblewrap";
import { probe, PROBE_MS } from "./probe";
import { ProcessWalls } from "./process";
import { findProgram } from "../../util/programs";
import { hasOption } from "./programs";
import {
  howToGetBubblewrap,
  NOT_ROOT,
  NO_SETPRIV,
  SEES_OUTSIDE,
  whyBubblewrapFails,
  whyUserFails,
} from "./remedies";
import { PROBE_INSIDE_SCRIPT } from "./scripts/paths";
import type { ProbeAnswer } from "./scripts/probe";
import { SandboxExecWalls } from "./sandbox-exec";
import { UserWalls } from "./user";
import type { Isolation, Walls } from "./walls";

/**
 * Returns the walls that were wished for, or the strongest that work without being asked for.
 *
 * Starts Node.js in them once. That takes a fifth of a second.
 *
 * @throws UsageError if the walls that were wished for do not work here. It says what to do.
 */
export async function chooseWalls(wish: "auto" | Isolation = "auto"): Promise<Walls> {
  if (wish !== "auto") return BUILDERS[wish]();
  const remedies: string[] = [];
  for (const kind of AUTOMATIC) {
    try {
      return await BUILDERS[kind]();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      remedies.push(error.message);
    }
  }
  return buildProcess(remedies[0]);
}

/** What is tried without being asked for. */
const AUTOMATIC =
  process.platform === "linux"
    ? (["bubblewrap", "user"] as const)
    : process.platform === "darwin"
      ? (["sandbox-exec"] as const)
      : [];

const BUILDERS: Record<Isolation, () => Promise<Walls>> = {
  bubblewrap: buildBubblewrap,
  user: buildUser,
  "sandbox-exec": buildSandboxExec,
  process: () => buildProcess(),
};

async function buildBubblewrap(): Promise<Walls> {
  const bwrap = process.platform === "linux" ? findProgram("bwrap") : undefined;
  if (!bwrap) throw new UsageError(howToGetBubblewrap());
  const walls = new BubblewrapWalls(bwrap);
  const [program, ...args] = [...walls.judgeCommand, process.execPath, PROBE_INSIDE_SCRIPT];
  const { stdout, stderr, error } = await outputOf(program, args);
  if (!stdout) throw new UsageError(whyBubblewrapFails(stderr.trim().split("\n")[0] || String(error)));
  const { seesOutside } = JSON.parse(stdout) as ProbeAnswer;
  if (seesOutside) throw new UsageError(whyBubblewrapFails(SEES_OUTSIDE));
  return walls;
}

interface Output {
  stdout: string;
  stderr: string;
  error: Error | null;
}

/** Runs a program. The caller can load something meanwhile. */
function outputOf(program: string, args: string[]): Promise<Output> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: PROBE_MS }, (error, stdout, stderr) =>
      resolve({ stdout, stderr, error }),
    );
  });
}

async function buildUser(): Promise<Walls> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) throw new UsageError(NOT_ROOT);
  const setpriv = findProgram("setpriv");
  if (!setpriv || !hasOption(setpriv, "--pdeathsig")) throw new UsageError(NO_SETPRIV);
  if (hasOption(setpriv, "--landlock-access")) {
    try {
      return await tried(new UserWalls(setpriv, true), whyUserFails);
    } catch (error) {
      // The kernel may not have Landlock.
      if (!(error instanceof UsageError)) throw error;
    }
  }
  const walls = new UserWalls(setpriv, false);
  await probed(walls, whyUserFails);
  return walls;
}

async function buildSandboxExec(): Promise<Walls> {
  const program = process.platform === "darwin" ? findProgram("sandbox-exec") : undefined;
  if (!program) throw new UsageError("--isolation sandbox-exec is for macOS");
  return tried(new SandboxExecWalls(program), (problem) => `sandbox-exec does not work here: ${problem}`);
}

async function buildProcess(remedy = howToGetBubblewrap()): Promise<Walls> {
  const withPermissions = new ProcessWalls(true, remedy);
  try {
    return await tried(withPermissions, String);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return new ProcessWalls(false, remedy);
  }
}

/** Returns walls in which Node.js starts, and sees no file outside. */
async function tried(walls: Walls, explain: (problem: string) => string): Promise<Walls> {
  const { seesOutside } = await probed(walls, explain);
  if (seesOutside) throw new UsageError(explain(SEES_OUTSIDE));
  return walls;
}

async function probed(walls: Walls, explain: (problem: string) => string): Promise<{ seesOutside: boolean }> {
  try {
    return await probe(walls);
  } catch (error) {
    throw new UsageError(explain((error as Error).message));
  }
}
