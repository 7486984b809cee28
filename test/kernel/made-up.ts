/** Notebooks that are made up for a test. */
import { parseNotebook } from "@course/lib/notebook";

/** A notebook of code cells with these sources, which have no metadata. */
export function notebookOf(...sources: string[]) {
  const cells = sources.map((source, i) => ({
    cell_type: "code",
    execution_count: null,
    id: `cell-${i + 1}`,
    metadata: {},
    outputs: [],
    source,
  }));
  const metadata = { kernelspec: { name: "tslab", display_name: "TypeScript" } };
  return parseNotebook(JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }), "made up");
}
