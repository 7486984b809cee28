/** Finds the checks that learners do not see: with `--hidden SEED`, and with `--checks DIR`. */
import { exercises } from "@course/lib/exercises";
import { type MoreChecks, ownChecks } from "@course/lib/grading";
import { UsageError } from "@course/lib/util";
import fs from "node:fs";
import path from "node:path";

export interface MoreCheckFlags {
  hidden?: number;
  checks?: string;
}

/**
 * Returns the checks that were asked for. Loads an instructor's own, so that what is wrong with them is said first.
 *
 * @throws UsageError if there is no such folder, or if a module in it is of no exercise, or exports no checks.
 */
export function moreChecks({ hidden, checks }: MoreCheckFlags): MoreChecks {
  return { hiddenSeed: hidden, folder: checks === undefined ? undefined : folderOfChecks(checks) };
}

function folderOfChecks(given: string): string {
  const folder = path.resolve(given);
  if (!fs.existsSync(folder) || !fs.statSync(folder).isDirectory())
    throw new UsageError(`--checks ${given}: there is no such folder`);
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(".cjs"));
  if (names.length === 0)
    throw new UsageError(`--checks ${given}: expected a module for an exercise in it, such as greeting.cjs`);
  for (const name of names) requireChecks(folder, path.basename(name, ".cjs"));
  return folder;
}

function requireChecks(folder: string, id: string): void {
  if (!Object.hasOwn(exercises, id))
    throw new UsageError(`${path.join(folder, `${id}.cjs`)}: there is no exercise named ${id}`);
  try {
    ownChecks(folder, id);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
