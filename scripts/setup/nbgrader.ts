/** Installs nbgrader into an environment of its own, for the tests of what `npm run handout` makes for it. */
import { ensureExtraVenv, extraVenv } from "./extra-venv";
import { installKernel, kernelIn } from "./kernelspec";
import { venvPython } from "./paths";
import { run } from "./processes";
import { ensureJupyter } from "./venv";

const nbgrader = extraVenv("nbgrader", "nbgrader");
/** The Python that has nbgrader. */
export const nbgraderPython = nbgrader.python;

/**
 * Makes the environment, unless it is complete. Resolves to false if the Python of `.venv` is too old for nbgrader,
 * which needs 3.11.
 *
 * @throws Failure that says what to do. Then it leaves no incomplete environment behind.
 */
export async function ensureNbgrader(signal?: AbortSignal): Promise<boolean> {
  await ensureJupyter(signal);
  const { output: version } = await run(venvPython, ["--version"]);
  if (/ 3\.10\./.test(version)) return false;
  await ensureExtraVenv(nbgrader, signal);
  await installKernel(kernelIn(nbgrader.folder));
  return true;
}
