/** The cells that were run, and where in them an error was thrown. */
import type { CellPlaces } from "./compiler";
import type { Cell, CellPlace } from "./kernel";

/** How many cells are remembered: more than a lesson has. */
const MAX_CELLS = 500;

/** A cell's name in a stack, as the compiled code gives it to V8. */
const FRAME = /^ {4}at (?:(?:async )?(.*?) \()?cell-(\d+)\.ts:(\d+):(\d+)\)?$/;

interface CompiledCell extends Cell {
  places: CellPlaces;
  /** How many lines of JavaScript are the cell's own; the line after them calls them. */
  lines: number;
}

export class Cells {
  private readonly cells: CompiledCell[] = [];

  /** Cells are named by their execution count, as Jupyter shows it, unless `nameOf` names them otherwise. */
  constructor(private readonly nameOf: (number: number) => string = (number) => `[${number}]`) {}

  get all(): readonly Cell[] {
    return this.cells;
  }

  /** Remembers a cell that begins to run. */
  begin(number: number, source: string): Cell {
    const name = this.nameOf(number);
    const cell: CompiledCell = { number, name, source, status: "running", places: () => undefined, lines: 0 };
    this.cells.push(cell);
    if (this.cells.length > MAX_CELLS) this.cells.shift();
    return cell;
  }

  /** Names the newest cell's JavaScript, so that stacks show the cell, and notes where its lines came from. */
  nameScript(javaScript: string, places: CellPlaces): string {
    const cell = this.cells.at(-1)!;
    cell.places = places;
    cell.lines = javaScript.trimEnd().split("\n").length;
    return `${javaScript}\n//# sourceURL=cell-${cell.number}.ts`;
  }

  /** Returns the places in cells that an error passed through, the innermost first. */
  placesOf(error: Error): CellPlace[] {
    return stackLines(error).flatMap((frame) => {
      const [, functionName, number, line, column] = FRAME.exec(frame) ?? [];
      const cell = this.cells.find((one) => one.number === Number(number));
      if (!cell || Number(line) > cell.lines) return [];
      const place = cell.places(Number(line), Number(column));
      if (!place) return [];
      const text = cell.source.split("\n")[place.line - 1]?.trim() ?? "";
      return [{ cell, line: place.line, text, functionName: plainName(functionName) }];
    });
  }
}

/** Returns the lines of a stack, its message among them; none if someone has put something else there. */
function stackLines(error: Error): string[] {
  const { stack } = error;
  return typeof stack === "string" ? stack.split("\n") : [];
}

/**
 * Returns a function's name as its author knows it; undefined for the cell itself, and for functions without a name.
 */
function plainName(name: string | undefined): string | undefined {
  const plain = name?.replace(/^(exports|Object|Module|Proxy|global)\./, "");
  return plain === undefined || plain === "" || /<anonymous>|^eval$|^(Timeout|Immediate)\./.test(plain)
    ? undefined
    : plain;
}
