/** Finds the checks that learners do not see: with `--hidden SEED`, and with `--checks DIR`. */
import { type Check, type Exercise, runChecks } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { type MoreChecks, ownChecks } from "@course/lib/grading";
import { UsageError } from "@course/lib/util";
import fs from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";

/**
 * How long the checks of a module may take with the course's own solution, which passes those of the course in
 * 10 s.
 */
const BUSY_MS = 60_000;
/** A thread: this process cannot look at a clock while a check keeps it busy. */
const WATCH = `
const { workerData: { ms, pid, text } } = require("node:worker_threads");
setTimeout(() => {
  require("node:fs").writeSync(2, text);
  process.kill(pid, "SIGKILL");
}, ms);
`;

export interface MoreCheckFlags {
  hidden?: number;
  checks?: string;
}

/**
 * Returns the checks that were asked for. Loads an instructor's own, so that what is wrong with them is said first.
 *
 * @throws UsageError if there is no such folder, or if a module in it is of no exercise, exports no checks, or has one
 * that the course's own solution does not pass.
 */
export async function moreChecks({ hidden, checks }: MoreCheckFlags): Promise<MoreChecks> {
  return { hiddenSeed: hidden, folder: checks === undefined ? undefined : await folderOfChecks(checks) };
}

async function folderOfChecks(given: string): Promise<string> {
  const folder = path.resolve(given);
  if (!fs.existsSync(folder) || !fs.statSync(folder).isDirectory())
    throw new UsageError(`--checks ${given}: there is no such folder`);
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(".cjs"));
  if (names.length === 0)
    throw new UsageError(`--checks ${given}: expected a module for an exercise in it, such as greeting.cjs`);
  for (const name of names) {
    const done = endWhenBusy(path.join(folder, name));
    await requireChecks(folder, path.basename(name, ".cjs"));
    done();
  }
  return folder;
}

/** Says so and ends this process if a module keeps it busy for good. Returns what calls that off. */
function endWhenBusy(file: string): () => void {
  const watch = new Worker(WATCH, {
    eval: true,
    execArgv: [],
    workerData: {
      ms: BUSY_MS,
      pid: process.pid,
      text: `${file} is still busy after ${BUSY_MS / 1000} s with the course's own solution. Mend the check, then grade.\n`,
    },
  });
  watch.unref();
  return () => void watch.terminate();
}

/** Tries the checks of an exercise on the course's own solution: a mistake in them would fail the whole class. */
async function requireChecks(folder: string, id: string): Promise<void> {
  const file = path.join(folder, `${id}.cjs`);
  if (!Object.hasOwn(exercises, id)) throw new UsageError(`${file}: there is no exercise named ${id}`);
  const exercise = (exercises as Record<string, Exercise>)[id];
  const { checks } = await runChecks({ ...exercise, checks: checksIn(folder, id) }, exercise.solution);
  const failed = checks.find(({ passed }) => !passed);
  if (failed)
    throw new UsageError(
      `${file}: the course's own ${id} does not pass "${failed.name}": ${failed.message}. Mend the check, then grade`,
    );
}

function checksIn(folder: string, id: string): Check[] {
  try {
    return ownChecks(folder, id);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
