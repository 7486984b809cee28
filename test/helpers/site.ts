/** A made-up lesson for the site. */

/** Returns a notebook with a text, a code cell with these outputs, and a cell with hints. */
export function siteNotebook(markdown: string, outputs: object[]): object {
  const code = { cell_type: "code", execution_count: 1 };
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [
      { id: "text", cell_type: "markdown", metadata: {}, source: markdown },
      {
        ...code,
        id: "code",
        metadata: { course: { role: "demo" } },
        source: `const a: string = "<b>"; // say`,
        outputs,
      },
      { ...code, id: "hint", metadata: { course: { role: "hint" } }, source: `// hint("a")`, outputs: [] },
    ],
  };
}
