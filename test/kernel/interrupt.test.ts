/** The interrupt button, pressed as Jupyter presses it: the cell's work stops too, not only the cell. */
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { request } from "undici";
import { expect, test } from "vitest";
import { courseRole, type Notebook, type NotebookCell } from "@course/lib/notebook";
import type { ConnectionCounts } from "@course/lib/practice";
import { NOTEBOOKS } from "../../scripts/notebooks/files";
import { runNotebook } from "../../scripts/notebooks/run";
import { solved } from "../../scripts/solutions/build";
import { usePracticeNetwork } from "./network";

const INTERRUPT_AFTER_SECONDS = 3;
/** What the course promises: the call under way may take its two seconds of patience. */
const STOPS_WITHIN_MS = 2000;
const network = usePracticeNetwork({ peers: 2000, latency: 1 });

/** A cell that is meant to be stopped, and those of its lesson that it needs besides setup and exercises. */
interface LongCell {
  lesson: string;
  id: string;
  needs: string[];
  /** Fewer connections than this were made when it was stopped: it did not come to its end. */
  fewerThan: number;
}

test.each<[string, LongCell]>([
  [
    "the cell that calls everybody",
    { lesson: "04-calling-all-nodes", id: "call-all", needs: ["call-addresses"], fewerThan: 1000 },
  ],
  [
    "a crawl with a bound",
    {
      lesson: "06-many-at-once",
      id: "many-button",
      // Two of these call all two thousand.
      needs: ["many-two-in-turn", "many-crowd", "many-truth", "many-all-busy", "many-crawl", "many-network"],
      fewerThan: 5500,
    },
  ],
])(
  "interrupting %s ends its calls within two seconds",
  async (_, long) => {
    const before = (await statistics()).connections;
    const counts: Promise<ConnectionCounts[]>[] = [];
    const run = await runNotebook(await longCellAlone(long), {
      folder: NOTEBOOKS,
      env: { BITNODES_URL: network().api },
      onLine: (line) => void (line.includes(`(${long.id})`) && counts.push(countAroundTheStop())),
    });
    expect(run.passed, run.lines.join("\n")).toBe(true);
    const [[afterPromise, later]] = await Promise.all(counts);
    expect(afterPromise.connections).toBeGreaterThan(before);
    expect(afterPromise.connections).toBeLessThan(before + long.fewerThan);
    expect(afterPromise.open).toBe(0);
    expect(later).toEqual(afterPromise);
  },
  60_000,
);

/** What the peers have seen when the work must have stopped, and some seconds on. */
async function countAroundTheStop(): Promise<ConnectionCounts[]> {
  await wait(STOPS_WITHIN_MS);
  const afterPromise = await statistics();
  await wait(STOPS_WITHIN_MS);
  return [afterPromise, await statistics()];
}

async function statistics(): Promise<ConnectionCounts> {
  const { body } = await request(new URL("/practice/statistics", network().api));
  return (await body.json()) as ConnectionCounts;
}

/** A lesson, solved: what its long cell needs, that cell, and one that keeps the kernel for a while. */
async function longCellAlone({ lesson, id, needs }: LongCell): Promise<Notebook> {
  const notebook = await solved(path.join(NOTEBOOKS, `${lesson}.ipynb`));
  const isNeeded = (cell: NotebookCell) =>
    ["setup", "exercise"].includes(courseRole(cell) ?? "") || [...needs, id].includes(cell.id!);
  const cells = notebook.cells.filter(isNeeded);
  const long = cells.find((cell) => cell.id === id)!;
  long.metadata = { course: { role: "demo", interruptAfterSeconds: INTERRUPT_AFTER_SECONDS } };
  const source = `await new Promise((resolve) => setTimeout(resolve, ${3 * STOPS_WITHIN_MS}));`;
  cells.push({ ...long, id: "kernel-stays", metadata: {}, source });
  notebook.raw.cells = cells;
  return { ...notebook, cells };
}
