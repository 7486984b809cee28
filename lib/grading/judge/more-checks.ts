/** Checks that learners do not see: with made-up input, and an instructor's own. Only the judge has them. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { Check, Exercise } from "../../checks/exercise";
import { errorSummary } from "../../checks/run-checks";
import { hiddenCheck, withoutDetails } from "../../checks/hidden";

export interface MoreChecks {
  /** Makes the input of hidden checks. Without it there are none. */
  hiddenSeed?: number;
  /** A folder with an instructor's own checks: a module for each exercise, `greeting.cjs`. */
  folder?: string;
}

/** Returns an exercise with the checks that learners do not see, after those that they do. */
export function withMoreChecks(exercise: Exercise, { hiddenSeed, folder }: MoreChecks): Exercise {
  const hidden = hiddenSeed === undefined ? undefined : hiddenCheck(exercise, hiddenSeed);
  const own = folder === undefined ? [] : ownChecks(folder, exercise.id);
  const more = [...(hidden ? [hidden] : []), ...own.map(withoutDetails)];
  return more.length === 0 ? exercise : { ...exercise, checks: [...exercise.checks, ...more] };
}

/** Returns what results depend on of these checks: the seed, and the modules. */
export function fingerprintOf({ hiddenSeed, folder }: MoreChecks): string {
  const files = folder === undefined ? [] : fs.readdirSync(folder).filter((name) => name.endsWith(".cjs"));
  const modules = files.sort().map((name) => [name, fs.readFileSync(path.join(folder!, name), "utf8")]);
  return createHash("sha256")
    .update(JSON.stringify([hiddenSeed ?? null, modules]))
    .digest("hex");
}

/**
 * Returns an instructor's own checks of an exercise; none if there is no module for it.
 *
 * @throws Error if the module exports anything but a list of checks. It names the file.
 */
export function ownChecks(folder: string, id: string): Check[] {
  const file = path.join(folder, `${id}.cjs`);
  if (!fs.existsSync(file)) return [];
  const checks = exportsOf(file);
  const isCheck = (one: unknown): boolean => {
    const { name, run } = (one ?? {}) as Partial<Check>;
    return typeof name === "string" && name !== "" && typeof run === "function";
  };
  if (Array.isArray(checks) && checks.every(isCheck)) return checks as Check[];
  throw new Error(`${file}: expected module.exports = [{ name: "…", run(answer) { … } }, …]`);
}

function exportsOf(file: string): unknown {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require(file) as unknown;
  } catch (error) {
    throw new Error(`${file} cannot be loaded: ${errorSummary(error)}`);
  }
}
