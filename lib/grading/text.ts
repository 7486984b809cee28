/** Text that comes from a learner's code: may be long, may move a terminal's cursor, is shown all the same. */
import { stripVTControlCharacters } from "node:util";

const LONGEST = 1200;
const MOST_LINES = 16;

/** Text that is safe to print: no control characters but newlines, of a bounded length. */
export function safeText(text: string): string {
  const clean = stripVTControlCharacters(text.slice(0, 4 * LONGEST))
    .replace(/\r\n?/g, "\n")
    .replace(/\t/g, "  ")

    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "");
  const lines = clean.slice(0, LONGEST).split("\n");
  const kept = lines.slice(0, MOST_LINES).join("\n");
  return kept.length < clean.length || text.length > 4 * LONGEST ? `${kept} …` : kept;
}

/** An error in one line: its name and message. Takes anything that can be thrown. */
export function summaryOf(error: unknown): string {
  try {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return safeText(text).split("\n")[0].slice(0, 300);
  } catch {
    return "something that cannot be shown";
  }
}
