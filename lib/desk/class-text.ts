/** The report on a class for a terminal: a line per learner, and what the class did not understand. */
import pc from "picocolors";
import { pointsBar } from "../grading/report";
import { safeText } from "../grading/text";
import { marked } from "../util/indent";
import { type FailedCheck, failedChecks } from "./failed-checks";
import type { LearnerResult } from "./grade-class";

/** How many checks are shown; with `verbose` all are. */
const MAX_CHECKS = 10;

/** Returns a learner's name and score as a line: `ann   ██████░░░░ 31/74`. */
export function scoreLine({ learner, points, possible }: LearnerResult): string {
  return `${learner.slice(0, 32).padEnd(32)} ${pointsBar(points, possible)} ${points}/${possible}`;
}

/** Returns a learner's score, with all remarks under it. */
function learnerText(result: LearnerResult): string {
  const remarks = [...result.notes, ...result.evidence].map((note) => marked(pc.yellow("!"), note, 2));
  return [scoreLine(result), ...remarks].join("\n");
}

/** Returns the report on a class. With `verbose` it shows every check that somebody failed. */
export function classText(results: readonly LearnerResult[], verbose = false): string {
  const failed = failedChecks(results);
  const shown = verbose ? failed : failed.slice(0, MAX_CHECKS);
  const rest = failed.length - shown.length;
  return [
    pc.bold("The class"),
    ...results.map(learnerText),
    meanLine(results),
    ...(shown.length === 0 ? [] : ["", pc.bold("Failed by the largest share of those who tried")]),
    ...shown.map(checkText),
    ...(rest > 0 ? [pc.dim(`and ${rest} more checks: --verbose shows them`)] : []),
    "",
  ].join("\n");
}

function meanLine(results: readonly LearnerResult[]): string {
  const sorted = results.map(({ points }) => points).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle - 1)] + sorted[Math.floor(middle)]) / 2;
  return pc.dim(`the median is ${median} of ${results[0].possible} points`);
}

function checkText({ exercise, check, failed, tried, commonest }: FailedCheck): string {
  const share = `${Math.round((100 * failed) / tried)}%`.padStart(5);
  const head = `${pc.red(share)} ${`${failed} of ${tried}`.padStart(10)}  ${pc.bold(exercise)}: ${safeText(check)}`;
  const message = safeText(commonest.message).split("\n").slice(0, 4);
  const count = commonest.count > 1 ? ` (${commonest.count} times)` : "";
  return [
    head,
    ...message.map((line, i) => pc.dim(`${" ".repeat(18)}${i === 0 ? `most often${count}: ` : "  "}${line}`)),
  ].join("\n");
}
