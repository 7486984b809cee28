/**
 * Brings a newer release of a lesson under a learner's notebook.
 *
 * A cell whose source is not the one that was handed out was written by the learner: it stays as it is. A cell
 * that the learner deleted stays deleted. The learner's own cells stay behind the cell that they were behind.
 */
import { cellSource, courseRole, exerciseOf, type Notebook, type NotebookCell } from "@course/lib/notebook";
import { hashOf } from "../handout/release";

export interface Merged {
  cells: NotebookCell[];
  /** How many cells are new, changed, or gone. */
  added: number;
  replaced: number;
  removed: number;
  /** Ids of cells that the learner wrote and that the newer release changed too. */
  keptOverChange: string[];
}

/**
 * Merges cells. Changes neither notebook.
 *
 * @param base hashes of the cells as they were handed out; if it is not known, whatever differs from the newer
 * release counts as the learner's.
 */
export function mergeCells(
  mine: readonly NotebookCell[],
  theirs: readonly NotebookCell[],
  base: Record<string, string> | undefined,
): Merged {
  const newer = new Map(theirs.map((cell) => [cell.id!, cell]));
  const handedOut = base ?? Object.fromEntries(theirs.map((cell) => [cell.id!, hashOf(cellSource(cell))]));
  const { byId, behind } = sortOut(mine, newer, handedOut);
  const merged: Merged = {
    cells: [...(behind.get(undefined) ?? [])],
    added: 0,
    replaced: 0,
    removed: 0,
    keptOverChange: [],
  };
  for (const cell of theirs) {
    const id = cell.id!;
    const own = byId.get(id);
    if (own) merged.cells.push(chosen(own, cell, handedOut[id], merged));
    else if (base?.[id] === undefined) {
      merged.cells.push(cell);
      merged.added++;
    }
    merged.cells.push(...(behind.get(id) ?? []));
  }
  const kept = new Set(merged.cells);
  merged.removed = mine.filter((cell) => !kept.has(cell) && ![...byId.values()].includes(cell)).length;
  return merged;
}

function chosen(
  own: NotebookCell,
  newer: NotebookCell,
  handedOut: string | undefined,
  merged: Merged,
): NotebookCell {
  const [mine, theirs] = [own, newer].map((cell) => hashOf(cellSource(cell)));
  if (mine === theirs) return own;
  if (mine !== handedOut) {
    if (theirs !== handedOut) merged.keptOverChange.push(newer.id!);
    return own;
  }
  merged.replaced++;
  return newer;
}

/** Returns the learner's cells of the course by id, and the others by the id of the cell that they are behind. */
function sortOut(
  mine: readonly NotebookCell[],
  newer: Map<string, NotebookCell>,
  handedOut: Record<string, string>,
): { byId: Map<string, NotebookCell>; behind: Map<string | undefined, NotebookCell[]> } {
  const idOf = identify(newer, handedOut);
  const byId = new Map<string, NotebookCell>();
  const behind = new Map<string | undefined, NotebookCell[]>();
  let last: string | undefined;
  for (const cell of mine) {
    const id = idOf(cell);
    if (id !== undefined && newer.has(id) && !byId.has(id)) {
      byId.set(id, cell);
      last = id;
      continue;
    }
    const isGone = id !== undefined && !newer.has(id) && handedOut[id] === hashOf(cellSource(cell));
    if (!isGone) behind.set(last, [...(behind.get(last) ?? []), cell]);
  }
  return { byId, behind };
}

/** Returns what finds the course's id of a cell: its own, or that of the cell with its source or exercise. */
function identify(
  newer: Map<string, NotebookCell>,
  handedOut: Record<string, string>,
): (cell: NotebookCell) => string | undefined {
  const bySource = new Map(Object.entries(handedOut).map(([id, hash]) => [hash, id]));
  return (cell) => {
    if (cell.id !== undefined && (newer.has(cell.id) || handedOut[cell.id] !== undefined)) return cell.id;
    const same = bySource.get(hashOf(cellSource(cell)));
    if (same !== undefined) return same;
    if (courseRole(cell) !== "exercise") return undefined;
    return [...newer].find(
      ([, other]) => courseRole(other) === "exercise" && exerciseOf(other) === exerciseOf(cell),
    )?.[0];
  };
}

/** Returns whether a reference solution stands in for a cell that the learner wrote. */
export function holdsSolution({ cells }: Notebook): boolean {
  return cells.some((cell) => (cell.metadata?.course as { mine?: unknown } | undefined)?.mine !== undefined);
}
