/** The results of a class as CSV, for spreadsheets: a line per learner, a column per exercise. */
import { stringify } from "csv-stringify/sync";
import type { GradedLearner } from "./grade-class";

/**
 * Returns the table, in UTF-8 with a byte order mark and CRLF, as spreadsheets read it.
 *
 * A text that a spreadsheet would run as a formula begins with an apostrophe: learners choose the names of
 * their files.
 */
export function classCsv(graded: readonly GradedLearner[]): string {
  const ids = graded[0]?.result.exercises.map(({ id }) => id) ?? [];
  const rows = graded.map(({ submission, result }) => [
    result.learner,
    submission.ids.email ?? "",
    result.source,
    result.points,
    result.possible,
    ...result.exercises.map(({ points }) => points),
    [...result.notes, ...result.evidence].join("; "),
  ]);
  const header = ["learner", "email", "source", "total", "possible", ...ids, "notes"];
  return stringify([header, ...rows], { bom: true, record_delimiter: "windows", escape_formulas: true });
}
