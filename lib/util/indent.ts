/** Indents text for a terminal or a cell's output, and wraps it so that it stays indented. */

/**
 * Returns text with `spaces` spaces before each line.
 *
 * With `columns` no line is longer than that: the rest of a line continues under its beginning. A word
 * that is longer than a line is cut.
 */
export function indented(text: string, spaces: number, columns = Infinity): string {
  return text
    .split("\n")
    .flatMap((line) => {
      const own = spaces + line.length - line.trimStart().length;
      return wrapped(line.trimStart(), columns - own).map((part) => " ".repeat(own) + part);
    })
    .join("\n");
}

/** Returns text with a one-character mark `spaces` spaces from the left; all of its lines begin in one column. */
export function marked(mark: string, text: string, spaces: number, columns = Infinity): string {
  return `${" ".repeat(spaces)}${mark} ${indented(text, spaces + 2, columns).trimStart()}`;
}

/** Shortest line to wrap at, in characters, however narrow the terminal is. */
const LEAST_COLUMNS = 20;

function wrapped(line: string, columns: number): string[] {
  if (line.length <= columns) return [line];
  const most = Math.max(columns, LEAST_COLUMNS);
  const words = new RegExp(`\\S(?:.{0,${most - 2}}\\S)?(?=\\s|$)|\\S{${most}}`, "gu");
  return line.match(words) ?? [line];
}
