/**
 * The kernel that Jupyter starts: `node main.js --config-path FILE`, in the notebook's folder.
 *
 * It is tslab (https://github.com/yunabe/tslab), put together from tslab's own parts.
 */
import { createRequire } from "node:module";
import path from "node:path";
import { Worker } from "node:worker_threads";
// The compiler first: it is mended before a part of tslab loads it.
import { createMendedConverter } from "./compiler";
import { CellRunner } from "./cell-runner";
import { KernelServer } from "./server";

const OPTION = "--config-path";
/** From the start on, in milliseconds: Jupyter has asked its own questions by then. */
const LOAD_AHEAD_MS = 300;
/** Looks every second whether the parent is still there. */
const WATCH_PARENT = `
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.kill(process.pid, "SIGKILL"), 1000);
`;

/**
 * Ends this process when the Jupyter that started it is gone, even if that was killed and could not say so.
 *
 * A thread looks for it, because a cell may keep this one busy for good.
 */
function endWithParent(): void {
  new Worker(WATCH_PARENT, {
    eval: true,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8 },
  }).unref();
}

/** Loads the course's library while nobody has asked for anything yet: the first cell imports it. */
function loadAhead(): void {
  const load = () => {
    try {
      createRequire(path.join(process.cwd(), "notebook.js"))("@course/lib");
    } catch {
      // A cell that imports it is told why it cannot be.
    }
  };
  setTimeout(load, LOAD_AHEAD_MS).unref();
}

/** Ends this process: another program has taken one of the ports, and Jupyter starts a kernel anew that ends early. */
function endUnheard(error: Error): never {
  console.error(`The kernel cannot listen where Jupyter told it to: ${error.message}`);
  process.exit(1);
}

function main(): void {
  const at = process.argv.indexOf(OPTION);
  const connectionFile = at === -1 ? undefined : process.argv[at + 1];
  if (connectionFile === undefined) {
    console.error(
      `expected ${OPTION} FILE: Jupyter starts this program, with the file that says where to listen`,
    );
    process.exit(2);
  }
  const runner = new CellRunner(process.cwd(), createMendedConverter());
  // Before any cell runs: Node.js puts back the signal handling it finds when the synchronous part of a cell begins.
  process.on("SIGINT", () => runner.interrupt());
  endWithParent();
  void new KernelServer(runner, connectionFile).init().then(loadAhead, endUnheard);
}

main();
