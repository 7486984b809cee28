/** Makes text from a learner's code safe to print: it may be long, or hold terminal control sequences. */
import { stripVTControlCharacters } from "node:util";

const MAX_LENGTH = 1200;
const MAX_LINES = 16;

/**
 * Returns text with no control characters except newlines, of at most MAX_LENGTH characters and MAX_LINES
 * lines.
 */
export function safeText(text: string): string {
  const clean = stripVTControlCharacters(text.slice(0, 4 * MAX_LENGTH))
    .replace(/\r\n?/g, "\n")
    .replace(/\t/g, "  ")
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "");
  const lines = clean.slice(0, MAX_LENGTH).split("\n");
  const kept = lines.slice(0, MAX_LINES).join("\n");
  return kept.length < clean.length || text.length > 4 * MAX_LENGTH ? `${kept} …` : kept;
}

/** Returns an error's name and message in one line. Accepts any value: anything can be thrown. */
export function summaryOf(error: unknown): string {
  try {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return safeText(text).split("\n")[0].slice(0, 300);
  } catch {
    return "a value that cannot be shown";
  }
}
