/**
 * Fills in a gradebook that was exported from Canvas or Moodle, for its own import.
 *
 * Canvas (lib/gradebook_importer.rb): a row `Points Possible`, a column `Title (id)` per assignment; a learner
 * is found by ID, then by SIS login, then by name. Moodle (importgradeslib.php): Identifier `Participant 12`,
 * and one column Grade.
 */
import { lessonsOf } from "../checks/exercise";
import { UsageError } from "../util/usage-error";
import { printable } from "../wire/text";
import { CsvFile } from "./csv-file";
import { type GradedLearner, rounded } from "./grade-class";

interface Filled {
  bytes: Buffer;
  /** Learners of ours who are in no row. */
  notFound: string[];
  /** How many rows were filled in. */
  filled: number;
  /** What to look at: a column that gives other points. */
  warnings: string[];
}

/** A column to fill in, and the points that go into it. */
interface Column {
  index: number;
  /** The lesson whose points go there, or undefined for all points. */
  lesson?: string;
}

interface Kind {
  columns: Column[];
  /** Returns whether a row is a learner's. */
  isOf(row: string[], graded: GradedLearner): boolean;
  /** Returns how many points the gradebook gives for a column, if it says so. */
  maximum(row: number, column: Column): number | undefined;
  firstRow: number;
}

/**
 * Fills in points.
 *
 * @throws UsageError if the file is no gradebook of Canvas or Moodle, or has no column for our lessons.
 */
export function fillGradebook(bytes: Buffer, graded: readonly GradedLearner[]): Filled {
  const file = CsvFile.parse(bytes);
  const lessons = lessonsOf(graded.flatMap(({ result }) => result.exercises));
  const kind = kindOf(file, lessons);
  const warnings = new Set<string>();
  const found = new Set<GradedLearner>();
  let filled = 0;
  for (let row = kind.firstRow; row < file.length; row++) {
    const matches = graded.filter((one) => kind.isOf(file.row(row), one));
    if (matches.length > 1)
      warnings.add(
        `line ${row + 1} could be ${matches.length} learners (${matches[0].result.learner}): left as it was`,
      );
    if (matches.length !== 1) continue;
    found.add(matches[0]);
    filled++;
    for (const column of kind.columns) {
      const { points, possible } = pointsFor(matches[0], column);
      const maximum = kind.maximum(row, column);
      if (maximum !== undefined && maximum !== possible)
        warnings.add(
          `"${printable(file.header[column.index])}" gives ${maximum} points, the exercises ${possible}: change the one or the other`,
        );
      file.set(row, column.index, points);
    }
  }
  const notFound = graded.filter((one) => !found.has(one)).map(({ result }) => result.learner);
  return { bytes: file.toBytes(), notFound, filled, warnings: [...warnings] };
}

function pointsFor({ result }: GradedLearner, { lesson }: Column): { points: number; possible: number } {
  const own = result.exercises.filter(({ notebook }) => lesson === undefined || notebook === lesson);
  const sum = (key: "points" | "possible"): number => rounded(own.reduce((all, one) => all + one[key], 0));
  return { points: sum("points"), possible: sum("possible") };
}

function kindOf(file: CsvFile, lessons: string[]): Kind {
  const at = (name: string): number => file.header.indexOf(name);
  if (at("Student") >= 0 && at("ID") >= 0) return canvas(file, lessons);
  if (at("Identifier") >= 0 && at("Grade") >= 0) return moodle(file);
  const got = file.header.slice(0, 6).map(printable).join(", ");
  throw new UsageError(
    `expected a gradebook exported from Canvas (columns Student, ID, …) or Moodle (Identifier, …, Grade), got the columns ${got}`,
  );
}

function canvas(file: CsvFile, lessons: string[]): Kind {
  const { header } = file;
  const assignments = header.flatMap((title, index) => (/ \(\d+\)$/.test(title) ? [{ title, index }] : []));
  const columns = assignments.flatMap(({ title, index }): Column[] => {
    const lesson = lessons.find((name) => isNamed(title, name));
    if (lesson !== undefined) return [{ index, lesson }];
    return isNamed(title, "getting to know each other") ? [{ index }] : [];
  });
  if (columns.length === 0) {
    const known = assignments.map(({ title }) => printable(title)).join(", ") || "none";
    throw new UsageError(
      `no assignment in the gradebook is named like a lesson (${lessons.join(", ")}) or "Getting to know each other"; its assignments are ${known}`,
    );
  }
  const possibleRow = [1, 2, 3].find((row) => file.row(row)[0]?.trim() === "Points Possible");
  const field = (row: string[], name: string): string => row[header.indexOf(name)]?.trim() ?? "";
  return {
    columns,
    firstRow: (possibleRow ?? 0) + 1,
    maximum: (_row, { index }) =>
      possibleRow === undefined ? undefined : numberIn(file.row(possibleRow)[index]),
    isOf(row, { submission, result }) {
      const { canvas, sid, login, email } = submission.ids;
      if (canvas !== undefined) return field(row, "ID") === canvas;
      const known = [sid, login, email].filter((id) => id !== undefined && id !== "");
      if (known.includes(field(row, "SIS User ID")) || known.includes(field(row, "SIS Login ID")))
        return true;
      return isSameName(field(row, "Student"), result.learner);
    },
  };
}

function moodle(file: CsvFile): Kind {
  const { header } = file;
  const field = (row: string[], name: string): string => row[header.indexOf(name)]?.trim() ?? "";
  return {
    columns: [{ index: header.indexOf("Grade") }],
    firstRow: 1,
    maximum: (row) => numberIn(field(file.row(row), "Maximum Grade")),
    isOf(row, { submission, result }) {
      const { participant, email } = submission.ids;
      if (participant !== undefined) return /(\d+)$/.exec(field(row, "Identifier"))?.[1] === participant;
      if (email !== undefined) return field(row, "Email address").toLowerCase() === email.toLowerCase();
      return isSameName(field(row, "Full name"), result.learner);
    },
  };
}

/** Returns whether a title names something: `4. Calling all nodes (123)` names 04-calling-all-nodes. */
function isNamed(title: string, name: string): boolean {
  const words = (text: string): string =>
    text
      .toLowerCase()
      .replace(/^\d+-/, "")
      .replace(/[^a-z]+/g, " ")
      .trim();
  return ` ${words(title)} `.includes(` ${words(name)} `);
}

/** Compares names whichever way round they are: `Smith, Bob` and `Bob Smith`, and in Canvas's files `smithbob`. */
function isSameName(a: string, b: string): boolean {
  const words = (text: string): string =>
    (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).sort().join(" ");
  return words(a) !== "" && words(a) === words(b);
}

function numberIn(text: string | undefined): number | undefined {
  return text === undefined || text.trim() === "" || Number.isNaN(Number(text)) ? undefined : Number(text);
}
