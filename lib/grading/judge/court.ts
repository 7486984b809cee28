/**
 * A process of the grader in which notebooks are run and judged, in a network that it shares with the learner's
 * process and with nobody else: the judge's peers listen there. See court-process.ts.
 */
import { type NotebookRun, runNotebook, type RunRequest } from "../notebook-run";
import { bubblewrapInside } from "../walls/bubblewrap";

export type ToCourt = Omit<RunRequest, "walls">;
export type FromCourt = { ready: true } | { run: NotebookRun } | { problem: string };

const walls = bubblewrapInside();

process.on("message", (request: ToCourt) => {
  runNotebook({ ...request, walls }).then(
    (run) => send({ run }),
    (error: Error) => send({ problem: error.message }),
  );
});
process.on("disconnect", () => process.exit());
send({ ready: true });

function send(message: FromCourt): void {
  process.send!(message);
}
