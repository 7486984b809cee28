/** The commands on a page, so that a test can run each of them, and no other. */

/** Returns the lines of the blocks of commands for a shell, and the npm commands within sentences. */
export function commandsOf(page: string): string[] {
  const inline = [...page.replace(/```[\s\S]*?```/g, "").matchAll(/`(npm [^`]+)`/g)].map(
    ([, command]) => command,
  );
  return [...new Set([...blocksOf(page, "bash"), ...inline])];
}

/** Returns the lines of a page's blocks in a language. */
export function blocksOf(page: string, language: string): string[] {
  const blocks = page.matchAll(new RegExp("```" + language + "\\n([\\s\\S]*?)```", "g"));
  return [...blocks].flatMap(([, block]) => block.trim().split("\n"));
}
