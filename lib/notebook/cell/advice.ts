/** Advice for what the compiler says of a cell, where a learner needs it. */
import { isExerciseId } from "../../exercises/find-exercise";

/** Returns a message of the compiler, with advice where it says badly what is wrong. */
export function withAdvice(message: string): string {
  const [, name] = /^Cannot find name '(\w+)'/.exec(message) ?? [];
  if (name && isExerciseId(name)) {
    return `${message}\n  The cell that declares ${name} has not run, or has an error itself: see to that one first.`;
  }
  if (name) {
    return `${message}\n  If a cell further up declares it, run that one first (Run > Run All Above Selected Cell).`;
  }
  if (/\btype 'Promise</i.test(message)) return `${message}\n  Is there an \`await\` missing?`;
  return message;
}
