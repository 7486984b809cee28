/** A made-up lesson for the site. */
import { type Notebook, parseNotebook } from "@course/lib/notebook";

/** Returns a lesson with a text, a code cell with these outputs, and a cell with hints. */
export function siteLesson(name: string, markdown: string, outputs: object[]): Notebook {
  const code = { cell_type: "code", execution_count: 1 };
  const notebook = {
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
  return parseNotebook(JSON.stringify(notebook), name);
}

/** Returns an output that shows `data`, by its formats. */
export function display(data: object): object {
  return { output_type: "display_data", metadata: {}, data };
}
