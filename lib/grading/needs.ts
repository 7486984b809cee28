/**
 * Chooses what the grader runs.
 *
 * The setup cell, the exercises' cells and a learner's own cells run whole. The course's other cells call the
 * network, print and check, so the grader does not run them. But a learner may have put a helper, a constant or an
 * answer into one. Of those cells it runs what an answer needs, and nothing else:
 *
 *  1. the statements that declare a name that is needed
 *  2. the statements that change a variable that is needed: `table.set(…)`, `count += 1`, a loop that does
 *
 * Needed are the names of the exercises, all names in a cell that runs whole and declares one, and all names in what
 * is needed. Imports, types and stand-ins (`useSolution`) go by the same rule.
 */
import { type CellStatement, statementsOf } from "./declarations";

/** A code cell to compile. */
export interface SourceCell {
  /** Its number in the notebook, from 1, with cells of all kinds counted. */
  position: number;
  source: string;
  /** Whether the whole cell runs, or only what an answer needs of it. */
  whole: boolean;
}

/** A cell, and what of it is needed. */
export interface NeededCell extends SourceCell {
  statements: CellStatement[];
  /** The statements that run. */
  run: CellStatement[];
  /** Whether it is compiled: something of it runs, or a cell that is compiled mentions what it declares. */
  isUsed: boolean;
  /** Which names of this cell the answer of an exercise needs, by exercise. */
  neededBy: Record<string, string[]>;
  /** The names, of whichever cell, that the statements use which an answer needs. */
  uses: string[];
}

/** Returns all cells with what the answers of the exercises `ids` need of them. */
export function neededCells(cells: SourceCell[], ids: string[]): NeededCell[] {
  const parsed = cells.map((cell) => ({ ...cell, statements: statementsOf(cell.source) }));
  const byExercise = ids.map((id) => ({ id, needed: neededStatements(parsed, id) }));
  const needed = parsed.map((cell) => {
    const isNeeded = (statement: CellStatement) => byExercise.some(({ needed }) => needed.has(statement));
    const neededBy = byExercise.map(({ id, needed }) => {
      const own = cell.statements.filter((statement) => needed.has(statement));
      return [id, own.flatMap(({ values }) => values)] as const;
    });
    const run = cell.statements.filter((statement) => cell.whole || isNeeded(statement));
    const using = cell.statements.filter((statement) => isNeeded(statement) && !statement.isImport);
    const uses = using.flatMap((statement) => [...statement.uses]);
    return { ...cell, run, neededBy: Object.fromEntries(neededBy), uses: [...new Set(uses)] };
  });
  const used = usedCells(needed);
  return needed.map((cell) => ({ ...cell, isUsed: used.has(cell) }));
}

/**
 * Returns the cells that are compiled.
 *
 * A cell compiles as a whole or not at all. So it needs all that it mentions, also where that does not run.
 */
function usedCells<Cell extends Omit<NeededCell, "isUsed">>(cells: Cell[]): Set<Cell> {
  const names = new Set<string>();
  const used = new Set<Cell>();
  const runs = ({ whole, run, statements }: Cell): boolean =>
    whole || run.length > 0 || statements.some(({ standsInFor }) => standsInFor !== undefined);
  const isMentioned = ({ statements }: Cell): boolean =>
    statements.some(({ declares }) => declares.some((name) => names.has(name)));
  for (let before = -1; before < used.size;) {
    before = used.size;
    for (const cell of cells.filter((one) => !used.has(one) && (runs(one) || isMentioned(one)))) {
      used.add(cell);
      for (const { uses } of cell.statements) uses.forEach((name) => names.add(name));
    }
  }
  return used;
}

type ParsedCell = SourceCell & { statements: CellStatement[] };

function neededStatements(cells: ParsedCell[], id: string): Set<CellStatement> {
  const names = new Set([id]);
  const variables = variablesOf(cells);
  const needed = new Set<CellStatement>();
  const isMissing = (cell: ParsedCell, statement: CellStatement): boolean => {
    if (needed.has(statement) || statement.standsInFor !== undefined) return false;
    const changes = [...statement.changes].filter((name) => variables.has(name));
    const isNamed = [...statement.declares, ...changes].some((name) => names.has(name));
    return isNamed || (cell.whole && declares(cell, id));
  };
  for (let before = -1; before < needed.size;) {
    before = needed.size;
    for (const cell of cells) {
      for (const statement of cell.statements.filter((one) => isMissing(cell, one))) {
        needed.add(statement);
        statement.uses.forEach((name) => names.add(name));
      }
    }
  }
  return needed;
}

/** Returns the names that cells declare themselves: `console.log()` and `Promise.all()` change nothing of theirs. */
function variablesOf(cells: ParsedCell[]): Set<string> {
  const own = cells.flatMap(({ statements }) => statements.filter(({ isImport }) => !isImport));
  return new Set(own.flatMap(({ values }) => values));
}

function declares({ statements }: ParsedCell, id: string): boolean {
  return statements.some(({ values }) => values.includes(id));
}

/** Returns a cell's source with blanks in place of what does not run, so that its lines keep their numbers. */
export function sourceToRun({ source, statements, run }: NeededCell): string {
  return statements
    .filter((statement) => !run.includes(statement))
    .reduce((text, { start, end }) => {
      const blank = text.slice(start, end).replace(/[^\n]/g, " ");
      return text.slice(0, start) + blank + text.slice(end);
    }, source);
}
