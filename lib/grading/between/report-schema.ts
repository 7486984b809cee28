/**
 * What a learner's process may say of itself. Its code may send anything: all else is no report.
 *
 * Written out here, since zod takes longer to load than most notebooks take to run, and each judge's process would.
 */
import type { FromLearner } from "./messages";

type Test = (value: unknown) => boolean;
type Fields<Report> = { readonly [Field in Exclude<keyof Report, "kind">]-?: Test };

const textUpTo =
  (most: number): Test =>
  (value) =>
    typeof value === "string" && value.length <= most;
const wholeFrom =
  (least: number): Test =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= 100_000;
const listOf =
  (isItem: Test): Test =>
  (value) =>
    Array.isArray(value) && value.length <= 1000 && value.every(isItem);
const isBoolean: Test = (value) => typeof value === "boolean";
/** Values are looked at when they are decoded. */
const isThere: Test = (value) => value !== undefined;

const text = textUpTo(100_000);
const exercise = textUpTo(100);
const position = wholeFrom(1);

const FIELDS: { readonly [Kind in FromLearner["kind"]]: Fields<Extract<FromLearner, { kind: Kind }>> } = {
  started: {},
  heartbeat: {},
  cell: { position },
  cellFailed: { position: wholeFrom(0), text, slow: isBoolean, missing: listOf(textUpTo(1000)) },
  cellsDone: {},
  answer: { exercise, answer: isThere, place: isThere, isLibrarySolution: isBoolean },
  exit: { position: (value) => value === undefined || position(value) },
  uncaught: { exercise, text },
  usedSolution: { exercise },
};

/** Returns the report in a line, or undefined if there is none. */
export function reportIn(line: string): FromLearner | undefined {
  try {
    const said: unknown = JSON.parse(line);
    return isReport(said) ? said : undefined;
  } catch {
    return undefined;
  }
}

function isReport(said: unknown): said is FromLearner {
  if (typeof said !== "object" || said === null || Array.isArray(said)) return false;
  const { kind, ...rest } = said as Record<string, unknown>;
  if (typeof kind !== "string" || !Object.hasOwn(FIELDS, kind)) return false;
  const fields: Readonly<Record<string, Test>> = FIELDS[kind as FromLearner["kind"]];
  const isKnown = Object.keys(rest).every((name) => Object.hasOwn(fields, name));
  return isKnown && Object.entries(fields).every(([name, test]) => test(rest[name]));
}
