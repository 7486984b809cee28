/** Which failures to doubt: the machine may have been too busy for an answer. */
import type { Exercise } from "../checks/exercise";
import type { Status } from "./result";

/** Whether the checks of an answer had the processor when they needed it. */
export interface Pace {
  /** How long they took, in milliseconds. */
  tookMs: number;
  /** How late timers were at most meanwhile, in the grader, the judge and the learner's process, in milliseconds. */
  lateMs: number;
}

/**
 * From which delay on timers were late, in milliseconds. Checks tell times apart that differ by a tenth of a second or
 * more.
 */
const LATE_MS = 50;

/**
 * Returns whether an answer may have failed because it did not get the time that it needs.
 *
 * It did get it if timers fired when they should. But nothing is known of threads and processes that it has started:
 * checks that wait for such also have to have ended before any of their limits.
 *
 * @param pace undefined if the checks have not come to their end.
 */
export function isDoubtful(
  { checks, checksAtOnce = false }: Pick<Exercise, "checks" | "checksAtOnce">,
  { status, pace }: { status: Status; pace?: Pace },
): boolean {
  const limits = checks.flatMap(({ limitMs }) => limitMs ?? []);
  const dependsOnTime = checksAtOnce || limits.length > 0;
  if (!dependsOnTime || status !== "failed") return false;
  const wasInTime = pace !== undefined && pace.lateMs < LATE_MS;
  return !wasInTime || !(checksAtOnce || pace.tookMs < Math.min(...limits));
}
