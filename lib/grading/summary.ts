/** The results as a page of Markdown, for the summary of a job of GitHub Actions. */
import type { CheckResult } from "../checks/run-checks";
import { escapeMarkdown, fencedBlock } from "../util/markdown";
import { byNotebook } from "./grade";
import { type ExerciseResult, type GradeResult, sumUp } from "./result";
import { failedChecksOf, STATUS_WORDS } from "./status-words";
import { safeText } from "./text";

/** How many failed checks of an exercise are shown: GitHub takes no summary of more than a megabyte. */
const MAX_CHECKS = 5;

/** Returns a table of points, then for each exercise that was tried in vain what its checks say. */
export function summaryMarkdown({ points, possible, exercises }: GradeResult): string {
  const lessons = byNotebook(exercises).map(lessonPart);
  return [`## ${points} of ${possible} points`, ...lessons, ""].join("\n\n");
}

function lessonPart(results: ExerciseResult[]): string {
  const { points, possible } = sumUp(results);
  const rows = results.map(
    ({ id, status, points, possible }) =>
      `| ${escapeMarkdown(id)} | ${STATUS_WORDS[status]} | ${points} of ${possible} |`,
  );
  const table = ["| exercise | | points |", "| --- | --- | --- |", ...rows].join("\n");
  const head = `### ${escapeMarkdown(results[0].notebook)}: ${points} of ${possible}`;
  return [head, table, ...results.flatMap(failedPart)].join("\n\n");
}

function failedPart(result: ExerciseResult): string[] {
  const failed = failedChecksOf(result);
  const more = failed.length - MAX_CHECKS;
  return [
    ...failed
      .slice(0, MAX_CHECKS)
      .map((check, i) => (i === 0 ? `**${escapeMarkdown(result.id)}**\n\n` : "") + checkMarkdown(check)),
    ...(more > 0 ? [`and ${more} more checks.`] : []),
  ];
}

/** Returns a failed check, with its message as a block. */
export function checkMarkdown({ name, message }: CheckResult): string {
  const head = `✗ ${escapeMarkdown(safeText(name))}`;
  return message === "" ? head : `${head}\n\n${fencedBlock(safeText(message))}`;
}
