/** `hint`: shows the three hints of an exercise, one at a time. */
import type { ExerciseId } from "../exercises/exercises";
import { speaker } from "../language/speak";
import { showMarkdown } from "./cell/display";
import { findExercise } from "../exercises/find-exercise";

type Tier = 1 | 2 | 3;

/** The highest tier of hint that was shown, by exercise. */
const shown = new Map<string, number>();

/** Shows the next hint for an exercise, or that of a tier from 1 (a nudge) to 3 (nearly the answer). */
export function hint(id: ExerciseId, tier?: Tier): void {
  const exercise = findExercise(id);
  if (typeof exercise === "string") return showMarkdown(exercise);
  const { hints, notebook } = exercise;
  const voice = speaker(notebook);
  const next = tier ?? hintsShown(id) + 1;
  const english = hints[next - 1];
  if (english === undefined) return showMarkdown(voice.say(noSuchHint(id, tier, hints.length)));
  const text = voice.hint(id, next - 1, english);
  shown.set(id, Math.max(hintsShown(id), next));
  // Markdown recognises a block of code only at the beginning of a line.
  const space = text.startsWith("```") ? "\n\n" : " ";
  showMarkdown(`**${voice.say(`Hint ${next} of ${hints.length}.`)}**${space}${text}`);
}

/** Returns the highest tier of hint that this process has shown for an exercise, 0 if none. */
export function hintsShown(id: string): number {
  return shown.get(id) ?? 0;
}

function noSuchHint(id: string, tier: unknown, count: number): string {
  if (tier !== undefined) return `There are hints 1 to ${count}: \`hint("${id}", 2)\`, for example.`;
  return `You have seen all ${count} hints. \`hint("${id}", 1)\` shows the first of them again, \`solution("${id}")\` how we would write it.`;
}
