/**
 * The main module of a practice network's own process (launch.ts starts it).
 *
 * Options come as JSON in the first argument. The process sends its parent one message, a `Report`.
 * It exits when the channel to its parent closes, which happens however the parent ends. Ctrl-C and
 * Jupyter's interrupt button signal every process of the group; this process ignores them.
 */
import { PracticeError } from "./practice-error";
import { type PracticeOptions, servePracticeNetwork } from "./server";

/** The message to the parent: the network that is up, or why it cannot start. */
export type Report =
  | { network: { api: string; peers: number; seed: number; note?: string } }
  | { error: { code?: string; message: string } };

process.on("disconnect", () => process.exit());
if (process.connected) process.on("SIGINT", () => {});

function report(message: Report): void {
  process.send?.(message);
}

servePracticeNetwork(JSON.parse(process.argv[2] ?? "{}") as PracticeOptions).then(
  ({ api, peers, seed, note }) => report({ network: { api, peers, seed, note } }),
  (error: Error) => {
    report({
      error: { code: error instanceof PracticeError ? error.code : undefined, message: error.message },
    });
    process.exitCode = 1;
    process.disconnect?.();
  },
);
