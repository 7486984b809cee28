/**
 * The main module of a practice network's own process (launch.ts starts it).
 *
 * Options come as JSON in the first argument, the parent's process id in the second. The process sends its
 * parent one message, a `Report`. It exits when the channel to its parent closes, or when the parent is gone.
 * Ctrl-C and Jupyter's interrupt button signal every process of the group; this process ignores them.
 */
import { isRunning } from "../../util/processes";
import { PracticeError } from "./practice-error";
import { type PracticeNetwork, type PracticeOptions, servePracticeNetwork } from "./server";

/** The message to the parent: the network that is up, or why it cannot start. */
export type Report =
  | { network: Pick<PracticeNetwork, "api" | "peers" | "population" | "seed" | "note" | "proxies" | "token"> }
  | { error: { code?: string; message: string } };

/** How often this process checks that its parent is there, in milliseconds. */
const PARENT_CHECK_MS = 1000;

const parent = Number(process.argv[3]);
process.on("disconnect", () => process.exit());
process.on("SIGINT", () => {});
endIfParentIsGone();
setInterval(endIfParentIsGone, PARENT_CHECK_MS).unref();

/** Ends this process if the parent is gone. A channel that closed before there was a listener reports nothing. */
function endIfParentIsGone(): void {
  if (!process.connected || process.ppid !== parent || !isRunning(parent)) process.exit();
}

function report(message: Report): void {
  if (process.connected) process.send!(message, undefined, undefined, () => {}); // a gone parent is no error
}

servePracticeNetwork(JSON.parse(process.argv[2] ?? "{}") as PracticeOptions).then(
  ({ api, peers, population, seed, note, proxies, token }) =>
    report({ network: { api, peers, population, seed, note, proxies, token } }),
  (error: Error) => {
    report({
      error: { code: error instanceof PracticeError ? error.code : undefined, message: error.message },
    });
    process.exitCode = 1;
    process.disconnect();
  },
);
