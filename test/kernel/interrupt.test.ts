/** The interrupt button, pressed as Jupyter presses it: what the cell has started stops too, not only the cell. */
import path from "node:path";
import { expect, test } from "vitest";
import { courseRole, type Notebook, type NotebookCell } from "@course/lib/notebook";
import { NOTEBOOKS } from "../../scripts/notebooks/files";
import { runNotebook } from "../../scripts/notebooks/run";
import { solved } from "../../scripts/solutions/build";
import { KERNEL } from "../helpers/limits";
import { usePracticeNetwork } from "./network";
import { printed } from "./printed";

const INTERRUPT_AFTER_SECONDS = 2;
/** What the course promises: the visit under way may take its two seconds. */
const STOPS_WITHIN_MS = 2000;
const network = usePracticeNetwork({ peers: 300, latency: 1 });

/** A cell that is meant to be stopped. */
interface LongCell {
  lesson: string;
  id: string;
  /** The cells of its lesson that it needs besides setup and exercises. */
  needs: string[];
}

/** Reads what the peers have seen. */
const BEFORE = `
import { visit as visitOnce } from "@course/lib";
const counts = async (): Promise<{ open: number; connections: number }> =>
  (await (await fetch(new URL("/practice/statistics", process.env.BITNODES_URL))).json()) as any;
const before = await counts();`;

/** Waits for the last connection to close, then makes three more: work that goes on would add to them. */
const AFTER = `
const stoppedAt = Date.now();
while ((await counts()).open > 0);
const ms = Date.now() - stoppedAt;
const stopped = await counts();
for (let i = 0; i < 3; i++) await visitOnce(addresses[0]);
const after = await counts();
console.log(JSON.stringify({ ms, made: stopped.connections - before.connections, further: after.connections - stopped.connections }));`;

test.each<[string, LongCell]>([
  [
    "a cell that visits all addresses in turn",
    { lesson: "04-calling-all-nodes", id: "call-all", needs: ["call-addresses"] },
  ],
  [
    "a crawl of 20 visits at a time",
    {
      lesson: "06-many-at-once",
      id: "many-button",
      needs: ["many-two-in-turn", "many-crowd", "many-truth", "many-all-busy", "many-crawl", "many-network"],
    },
  ],
])(
  "the interrupt button ends %s, and its connections within two seconds",
  async (_, long) => {
    const env = { BITNODES_URL: network().api };
    const { passed, lines, notebook } = await runNotebook(await notebookAround(long), { env });
    expect(passed, lines.join("\n")).toBe(true);
    const [interrupted, last] = notebook.cells.slice(-2).map(printed);
    expect(interrupted).toContain("Stopped: the cell was interrupted.");
    const { ms, made, further } = JSON.parse(last) as Record<string, number>;
    expect(made).toBeGreaterThan(0);
    expect(ms).toBeLessThan(STOPS_WITHIN_MS);
    expect(further).toBe(3);
  },
  KERNEL,
);

/** Returns a lesson, solved: what its long cell needs, and that cell between two that count connections. */
async function notebookAround({ lesson, id, needs }: LongCell): Promise<Notebook> {
  const notebook = await solved(path.join(NOTEBOOKS, `${lesson}.ipynb`));
  const isNeeded = (cell: NotebookCell) =>
    ["setup", "exercise"].includes(courseRole(cell) ?? "") || needs.includes(cell.id!);
  const long = notebook.cells.find((cell) => cell.id === id)!;
  long.metadata = { course: { role: "demo", interruptAfterSeconds: INTERRUPT_AFTER_SECONDS } };
  const counting = (id: string, source: string) => ({ ...long, id, metadata: {}, source });
  const cells = [
    ...notebook.cells.filter(isNeeded),
    counting("before", BEFORE),
    long,
    counting("after", AFTER),
  ];
  notebook.raw.cells = cells;
  return { ...notebook, cells };
}
