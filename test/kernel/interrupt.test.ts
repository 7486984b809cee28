/** The interrupt button, pressed as Jupyter presses it: the cell's work stops too, not only the cell. */
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { request } from "undici";
import { expect, test } from "vitest";
import { courseRole, type Notebook, type NotebookCell } from "@course/lib";
import { NOTEBOOKS } from "../../scripts/notebooks/files";
import { runNotebook } from "../../scripts/notebooks/run";
import { solved } from "../../scripts/solutions/build";
import { usePracticeNetwork } from "./network";

const LONG_CELL = "call-all";
const INTERRUPT_AFTER_SECONDS = 3;
/** What the course promises: the call under way may take its two seconds of patience. */
const STOPS_WITHIN_MS = 2000;
const network = usePracticeNetwork({ peers: 2000, latency: 1 });

test("interrupting the cell that calls everybody ends its calls within two seconds", async () => {
  const counts: Promise<number[]>[] = [];
  const run = await runNotebook(await longCellAlone(), {
    folder: NOTEBOOKS,
    env: { BITNODES_URL: network().api },
    onLine: (line) => void (line.includes(`(${LONG_CELL})`) && counts.push(countAroundTheStop())),
  });
  expect(run.passed, run.lines.join("\n")).toBe(true);
  const [[afterPromise, later]] = await Promise.all(counts);
  expect(afterPromise).toBeGreaterThan(0);
  expect(afterPromise).toBeLessThan(1000);
  expect(later).toBe(afterPromise);
}, 60_000);

/** Connections that the peers have seen when the work must have stopped, and some seconds on. */
async function countAroundTheStop(): Promise<number[]> {
  await wait(STOPS_WITHIN_MS);
  const afterPromise = await connections();
  await wait(STOPS_WITHIN_MS);
  return [afterPromise, await connections()];
}

async function connections(): Promise<number> {
  const { body } = await request(new URL("/practice/statistics", network().api));
  return ((await body.json()) as { connections: number }).connections;
}

/** Lesson four, solved: what its long cell needs, that cell, and one that keeps the kernel for a while. */
async function longCellAlone(): Promise<Notebook> {
  const lesson = await solved(path.join(NOTEBOOKS, "04-calling-all-nodes.ipynb"));
  const needed = (cell: NotebookCell) =>
    ["setup", "exercise"].includes(courseRole(cell) ?? "") ||
    ["call-addresses", LONG_CELL].includes(cell.id!);
  const cells = lesson.cells.filter(needed);
  const long = cells.find(({ id }) => id === LONG_CELL)!;
  long.metadata = { course: { role: "demo", interruptAfterSeconds: INTERRUPT_AFTER_SECONDS } };
  const source = `await new Promise((resolve) => setTimeout(resolve, ${3 * STOPS_WITHIN_MS}));`;
  cells.push({ ...long, id: "kernel-stays", metadata: {}, source });
  lesson.raw.cells = cells;
  return { ...lesson, cells };
}
