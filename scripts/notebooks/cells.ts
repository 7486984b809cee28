/**
 * Compiles the cells of notebooks with tslab's own converter, without running them.
 *
 * The converter resolves imports from the working directory, so this runs in a process in the notebooks'
 * folder.
 *
 * Usage: node scripts/run.cjs notebooks/cells FILE…; prints a line per error to stdout.
 */
import { createConverter, type Converter } from "tslab/dist/converter";
import { cellSource, readNotebook } from "@course/lib/notebook";
import { shown } from "./files";
import { cellName } from "./format";

const converter = createConverter();
const errors = process.argv.slice(2).flatMap((file) => typeErrors(converter, file));
process.stdout.write(errors.map((error) => `${error}\n`).join(""), () => process.exit(errors.length ? 1 : 0));

/** Returns the errors of the first cell with errors: later cells may have errors only because of it. */
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
