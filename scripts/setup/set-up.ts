/** What `npm start` does before it starts, and `npm run setup` does alone. */
import path from "node:path";
import { withLock } from "./lock";
import { courseFolder, root, work } from "./paths";
import { ensureJupyter } from "./venv";

export interface SetUp {
  /** Whether to install JupyterLab and the kernel into `.venv`. */
  jupyter: boolean;
  signal?: AbortSignal;
}

/**
 * Installs JupyterLab if it is missing, and brings the lessons to the folder of the learner's work, if that is
 * not the project's.
 *
 * @throws Failure that says what to do.
 */
export async function setUp({ jupyter, signal }: SetUp): Promise<void> {
  if (jupyter) await ensureJupyter(signal);
  if (work === root) return;
  // Only now: it loads all exercises, which takes longer than the rest of a start.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { bringLessons } = require("./lessons") as typeof import("./lessons");
  const onWait = () => console.error(`Another start is setting up ${work}: waiting for it …`);
  await withLock(path.join(courseFolder, "setup.lock"), async () => bringLessons(), { onWait, signal });
}
