/**
 * The practice network as a process of its own: options come as JSON in the first argument, and
 * one message goes back, `{ network }` or `{ error }`.
 *
 * It ends when its parent does, however that ends: the channel between them closes. Ctrl-C and
 * Jupyter's interrupt button reach every process of the group, and are not meant for this one.
 */
import { PracticeError } from "./practice-error";
import { type PracticeOptions, servePracticeNetwork } from "./server";

/** What the child says when it is up, or cannot be. */
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
