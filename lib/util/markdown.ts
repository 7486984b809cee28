/** Puts text that others wrote into Markdown, as text. */

/** Returns text for the middle of a line, with all that Markdown would take for markup escaped. */
export function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>|~&]/g, "\\$&");
}

/** Returns a block of text that is shown as it is: its fence is longer than any that the text holds. */
export function fencedBlock(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
