/** Installs a JupyterHub and its proxy into an environment of their own, for the tests of hub/. */
import path from "node:path";
import { Failure } from "../cli/failure";
import { ensureExtraVenv, extraVenv } from "./extra-venv";
import { npmInstall } from "./npm";
import { lastLine } from "./venv";

const PROXY = "configurable-http-proxy@5.3.0";

/** The environment with JupyterHub; `npm run kernel -- --prefix` has not yet been run for it. */
export const hub = extraVenv("hub", "JupyterHub");
/** The proxy, a program for Node.js. */
export const hubProxy = path.join(
  hub.folder,
  "node_modules",
  "configurable-http-proxy",
  "bin",
  "configurable-http-proxy",
);

/**
 * Makes the environment, unless it is complete.
 *
 * @throws Failure that says what to do. Then it leaves no incomplete environment behind.
 */
export function ensureHub(signal?: AbortSignal): Promise<void> {
  return ensureExtraVenv(hub, signal, async () => {
    const { status, output } = await npmInstall(hub.folder, PROXY, signal);
    if (status !== 0) throw new Failure(`${PROXY} could not be installed with npm: ${lastLine(output)}`);
  });
}
