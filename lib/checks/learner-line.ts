/** Says in which line of the learner's own code an error was thrown. */
import { kernel } from "../kernel/kernel";

/** A line is cut after this many characters. */
const MAX_LENGTH = 120;

/**
 * Returns where in the learner's cells `error` was thrown, as it is said in a message:
 * `in cell [12], line 3: return a.b;`.
 *
 * It may be another cell than that of the answer: an earlier exercise's. Returns undefined outside of a kernel and of
 * the grader, and for an error that passed through no cell.
 */
export function learnerLine(error: Error): string | undefined {
  const place = kernel()?.placesOf(error)[0];
  return place && `in cell ${place.cell.name}, line ${place.line}: ${place.text.slice(0, MAX_LENGTH)}`;
}
