/** 05-where-does-the-time-go: the share of the time that was waiting. */
import { triedWith } from "../../checks/calls";
import { expectThat, show } from "../../checks/expect";
import { waitingShare } from "../../data/statistics";
import type { Visit } from "../../peer/visit";
import { defineExercise } from "../../checks/exercise";
import { ANSWERED, INCOMPLETE, SILENT, UNREACHED, visitOf } from "./sample-visits";
import { listOf, visit } from "../shared/random-input";

type Answer = typeof waitingShare;

/** Expects this share, except for rounding. */
function expectShare(answer: Answer, what: string, visits: Visit[], expected: number): void {
  const share: unknown = triedWith(what.replace(/^for /, ""), () => answer(visits));
  expectThat(typeof share === "number", `${what}: expected a number, got ${show(share)}`);
  expectThat(
    Math.abs(share - expected) < 1e-9,
    `${what}: expected ${Number(expected.toFixed(6))}, got ${Number.isFinite(share) ? Number(share.toFixed(6)) : share}`,
  );
}

/** Returns an answer that counts as waiting what `waitingMs` returns for each visit, in milliseconds. */
function shareOf(waitingMs: (visit: Visit) => number): Answer {
  return (visits) => {
    const sum = (of: (visit: Visit) => number) => visits.reduce((sum, visit) => sum + of(visit), 0);
    return visits.length === 0 ? 0 : sum(waitingMs) / sum(totalMs);
  };
}

const totalMs = ({ startedAt, endedAt }: Visit): number => endedAt - startedAt;
const waitingMs = (visit: Visit): number => waitingShare([visit]) * totalMs(visit);

export default defineExercise<Answer>({
  id: "waitingShare",
  notebook: "05-where-does-the-time-go",
  title: "The waiting",
  points: 2,
  solution: waitingShare,
  source: "data/statistics.ts",
  randomArguments: (random) => [listOf(random, 20, () => visit(random))],
  hints: [
    "It is easier to sum up the working than the waiting: there are two short phases of it, and everything else is waiting. Which of the times of a visit are the ends of those two?",
    "Sending is `sentAt - connectedAt`, if both are there. Reading is `endedAt - firstByteAt`, if `firstByteAt` is there and a `versionMessage` came of it. Sum both up over all visits, and sum up `endedAt - startedAt`; only then divide.",
    "```ts\nlet totalMs = 0;\nlet workingMs = 0;\nfor (const { startedAt, connectedAt, sentAt, firstByteAt, endedAt, versionMessage } of visits) {\n  totalMs += endedAt - startedAt;\n  if (sentAt !== undefined) workingMs += …;\n  if (versionMessage) workingMs += …;\n}\n```\n\nThe share of waiting is what is left: `1 - workingMs / totalMs`. Without any visit that would be 0 / 0; return 0 then.",
  ],
  checks: [
    {
      name: "Connecting and waiting for the first byte are waiting; sending and reading are not",
      run(answer) {
        expectShare(answer, "for 40 ms connecting, 4 sending, 50 waiting, 6 reading", [ANSWERED], 0.9);
      },
    },
    {
      name: "A visit that never connected was waiting from beginning to end",
      run(answer) {
        expectShare(answer, "for 1000 ms of connecting without success", [UNREACHED], 1);
      },
    },
    {
      name: "A peer that sent nothing was waited for until the end",
      run(answer) {
        const what = "for 98 ms connecting, 2 sending, and 1000 without a byte";
        expectShare(answer, what, [SILENT], 1098 / 1100);
      },
    },
    {
      name: "So was a peer that began to answer and never finished",
      run(answer) {
        const what = "for 190 ms connecting, 10 sending, 300 waiting, and 700 until the rest was given up";
        expectShare(answer, what, [INCOMPLETE], 1190 / 1200);
      },
    },
    {
      name: "Long visits weigh more than short ones: times are summed before they are divided",
      run(answer) {
        const what = "for 100 ms of which 90 were waiting, and 1000 ms of which all was";
        expectShare(answer, what, [ANSWERED, UNREACHED], 1090 / 1100);
        const reading = visitOf({ connecting: 10, sending: 0, waiting: 10, rest: 60 });
        const all = [ANSWERED, reading, SILENT, UNREACHED, INCOMPLETE];
        const five =
          "for five visits of 100, 80, 1100, 1000 and 1200 ms, of which 90, 20, 1098, 1000 and 1190 were waiting";
        expectShare(answer, five, all, (90 + 20 + 1098 + 1000 + 1190) / 3480);
      },
    },
    {
      name: "No visits have no waiting: 0",
      run(answer) {
        expectShare(answer, "for no visits", [], 0);
      },
    },
  ],
  wrongAnswers: [
    {
      name: "forgets connecting",
      caughtBy: "Connecting and waiting for the first byte are waiting; sending and reading are not",
      answer: shareOf(({ sentAt = 0, firstByteAt = 0 }) => firstByteAt - sentAt),
    },
    {
      name: "counts reading as waiting",
      caughtBy: "Connecting and waiting for the first byte are waiting; sending and reading are not",
      answer: shareOf((visit) => totalMs(visit) - ((visit.sentAt ?? 0) - (visit.connectedAt ?? 0))),
    },
    {
      name: "gives the share of the working",
      caughtBy: "Connecting and waiting for the first byte are waiting; sending and reading are not",
      answer: (visits) => 1 - waitingShare(visits),
    },
    {
      name: "gives percent",
      caughtBy: "Connecting and waiting for the first byte are waiting; sending and reading are not",
      answer: (visits) => 100 * waitingShare(visits),
    },
    {
      name: "leaves failures out",
      caughtBy: "A peer that sent nothing was waited for until the end",
      answer: (visits) => waitingShare(visits.filter(({ error }) => !error)),
    },
    {
      name: "assumes that all times are there",
      caughtBy: "A visit that never connected was waiting from beginning to end",
      answer: shareOf(
        ({ startedAt, connectedAt, sentAt, firstByteAt }) =>
          connectedAt! - startedAt + (firstByteAt! - sentAt!),
      ),
    },
    {
      name: "counts only phases that ended",
      caughtBy: "A peer that sent nothing was waited for until the end",
      answer: shareOf(({ startedAt, connectedAt, sentAt, firstByteAt, endedAt }) => {
        const connecting = (connectedAt ?? endedAt) - startedAt;
        return sentAt === undefined || firstByteAt === undefined
          ? connecting
          : connecting + firstByteAt - sentAt;
      }),
    },
    {
      name: "counts everything after the first byte as reading",
      caughtBy: "So was a peer that began to answer and never finished",
      answer: shareOf((visit) =>
        visit.error && visit.firstByteAt !== undefined
          ? waitingMs(visit) - (visit.endedAt - visit.firstByteAt)
          : waitingMs(visit),
      ),
    },
    {
      name: "averages the shares of the visits",
      caughtBy: "Long visits weigh more than short ones: times are summed before they are divided",
      answer: (visits) =>
        visits.length === 0
          ? 0
          : visits.reduce((sum, visit) => sum + waitingShare([visit]), 0) / visits.length,
    },
    {
      name: "divides by 0",
      caughtBy: "No visits have no waiting: 0",
      answer: (visits) => (visits.length === 0 ? NaN : waitingShare(visits)),
    },
  ],
});
