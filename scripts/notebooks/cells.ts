/**
 * Compiles the cells of notebooks with tslab's own converter, and runs none of them. The converter takes
 * the folder it is in for the notebook's, so this is a process of its own, started in that folder.
 *
 * Usage: node scripts/run.cjs notebooks/cells FILE…; each error is a line on stdout.
 */
import { createConverter, type Converter } from "tslab/dist/converter";
import { cellSource, readNotebook } from "@course/lib/notebook";
import { shown } from "./files";
import { cellName } from "./format";

const converter = createConverter();
const errors = process.argv.slice(2).flatMap((file) => typeErrors(converter, file));
process.stdout.write(errors.map((error) => `${error}\n`).join(""), () => process.exit(errors.length ? 1 : 0));

/** The errors of a notebook's first cell that has any: what follows it would fail for its sake. */
function typeErrors(converter: Converter, file: string): string[] {
  let declarations = "";
  for (const [index, cell] of readNotebook(file).cells.entries()) {
    if (cell.cell_type !== "code") continue;
    const { diagnostics, declOutput } = converter.convert(declarations, cellSource(cell));
    if (diagnostics.length) {
      const where = `${shown(file)}, ${cellName(cell, index)}`;
      return diagnostics.map(
        ({ start, messageText }) => `${where}, ${start.line + 1}:${start.character + 1}: ${messageText}`,
      );
    }
    declarations = declOutput ?? "";
  }
  return [];
}
