/** The interrupt button, pressed as Jupyter presses it: what the cell has started stops too, not only the cell. */
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { courseRole, type NotebookCell, readNotebook } from "@course/lib/notebook";
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

const LONG: [what: string, cell: LongCell][] = [
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
];

/** All cells, with what they have printed: one kernel runs them. */
let ran: NotebookCell[];

beforeAll(async () => {
  const cells = (await Promise.all(LONG.map(([, long]) => cellsAround(long)))).flat();
  const notebook = readNotebook(path.join(NOTEBOOKS, `${LONG[0][1].lesson}.ipynb`));
  notebook.raw.cells = cells;
  const env = { BITNODES_URL: network().api };
  const { passed, lines, notebook: after } = await runNotebook({ ...notebook, cells }, { env });
  expect(passed, lines.join("\n")).toBe(true);
  ran = after.cells;
}, KERNEL);

test.each(LONG)("the interrupt button ends %s, and its connections within two seconds", (_, { id }) => {
  const at = ran.findIndex((cell) => cell.id === id);
  const [interrupted, last] = ran.slice(at, at + 2).map(printed);
  expect(interrupted).toContain("Stopped: the cell was interrupted.");
  const { ms, made, further } = JSON.parse(last) as Record<string, number>;
  expect(made).toBeGreaterThan(0);
  expect(ms).toBeLessThan(STOPS_WITHIN_MS);
  expect(further).toBe(3);
});

/**
 * Returns the cells of a lesson, solved: what its long cell needs, and that cell between two that count
 * connections.
 */
async function cellsAround({ lesson, id, needs }: LongCell): Promise<NotebookCell[]> {
  const notebook = await solved(path.join(NOTEBOOKS, `${lesson}.ipynb`));
  const isNeeded = (cell: NotebookCell) =>
    ["setup", "exercise"].includes(courseRole(cell) ?? "") || needs.includes(cell.id!);
  const long = notebook.cells.find((cell) => cell.id === id)!;
  long.metadata = { course: { role: "demo", interruptAfterSeconds: INTERRUPT_AFTER_SECONDS } };
  const counting = (when: string, source: string) => ({ ...long, id: `${id}-${when}`, metadata: {}, source });
  return [...notebook.cells.filter(isNeeded), counting("before", BEFORE), long, counting("after", AFTER)];
}
