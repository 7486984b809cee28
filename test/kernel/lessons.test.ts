/**
 * Every lesson in the real kernel, twice: as the learner finds it, and solved.
 *
 * Both runs share a kernel, which takes three seconds to start. The untouched exercises come first: what they
 * declare throws, so a solved lesson gains nothing from them. Two lessons run at a time: many of their cells
 * wait for peers. Of three lessons each cell is then run again, twice in a row, as learners do; in the others that
 * would take too long.
 */
import path from "node:path";
import { expect, test } from "vitest";
import { stubMessage } from "@course/lib/checks";
import {
  cellSource,
  courseRole,
  exerciseOf,
  type Notebook,
  type NotebookCell,
  readNotebook,
} from "@course/lib/notebook";
import { NOTEBOOKS, notebookName, notebooksIn, SOLUTIONS } from "../../scripts/notebooks/files";
import { runNotebook } from "../../scripts/notebooks/run";
import { root } from "../../scripts/setup/paths";
import { KERNEL } from "../helpers/limits";
import { usePracticeNetwork } from "./network";
import { printed } from "./printed";

const network = usePracticeNetwork({ peers: 40, latency: 0 });
const network2026 = usePracticeNetwork({ peers: 40, latency: 0, population: "2026" });
const lessons = notebooksIn(NOTEBOOKS).map(notebookName);

const optimiseLater = path.join(root, "test", "kernel", "optimise-later.cjs");
const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} --require ${JSON.stringify(optimiseLater)}`;

/** Lessons of which each cell is run again, and whether it has to print the same then. */
const AGAIN: Record<string, { same: boolean }> = {
  "01-message-envelope": { same: true },
  "02-version-message": { same: true },
  "03-bitnodes-api": { same: false },
};

/** Lessons whose demonstrations are also run on the network of 2026, of which a part is on I2P. */
const ALSO_2026 = ["08-a-sea-of-bytes"];

/** What cells of a solved lesson show, if the crawl that they make is as it has to be. */
const SHOWN: Record<string, Record<string, RegExp>> = {
  "06-many-at-once": { "many-crawl": /\b(\d+) heard of \1 / },
  "07-threads-and-processes": {
    "team-threaded": /"thread 1","thread 2","thread 3","thread 4"/,
    "team-multiprocess": /"process 1","process 2","process 3","process 4"/,
  },
};

test("each lesson has a notebook with its solutions", () => {
  expect(lessons.length).toBeGreaterThan(0);
  expect(notebooksIn(SOLUTIONS).map(notebookName)).toEqual(lessons);
});

test.concurrent.each(lessons)(
  "lesson %s: its checks name each exercise that is not written; solved, it runs without an error, also cells that are run again, and its checks pass",
  async (name) => {
    const untouched = readNotebook(path.join(NOTEBOOKS, `${name}.ipynb`));
    const solved = readNotebook(path.join(SOLUTIONS, `${name}.ipynb`));
    const first = untouched.cells.filter(isOfExercises);
    const again = name in AGAIN ? untouched.cells.filter(isDemo).flatMap((cell) => [cell, cell]) : [];
    const in2026 = ALSO_2026.includes(name) ? [movingTo2026(first[0]), ...solved.cells.filter(isDemo)] : [];
    const ran = await run(untouched, [...first, ...solved.cells, ...again, ...in2026]);

    const notWritten = stubsOf(first);
    for (const cell of checksOf(ran.slice(0, first.length))) {
      const id = exerciseOf(cell)!;
      // A learner runs these tests too, perhaps with something written.
      expect(printed(cell)).toContain(notWritten.includes(id) ? `${id} is not written yet` : id);
    }
    for (const cell of checksOf(ran.slice(first.length))) {
      expect(printed(cell)).toContain(`${exerciseOf(cell)} is solved`);
    }
    for (const [id, shown] of Object.entries(SHOWN[name] ?? {})) {
      const cell = ran.find((cell) => cell.id?.endsWith(`-${id}`));
      expect(JSON.stringify(cell?.outputs).replaceAll('\\"', '"')).toMatch(shown);
    }
    if (AGAIN[name]?.same) {
      const texts = ran.slice(-again.length).map(printed);
      expect(texts.filter((_, i) => i % 2 === 1)).toEqual(texts.filter((_, i) => i % 2 === 0));
    }
  },
  KERNEL,
);

/** Runs these cells in one kernel, and returns them with their outputs; fails if one of them does. */
async function run(notebook: Notebook, cells: NotebookCell[]): Promise<NotebookCell[]> {
  const named = cells.map((cell, index) => ({ ...cell, id: `${index}-${cell.id}` }));
  notebook.raw.cells = named;
  const env = { BITNODES_URL: network().api, NODE_OPTIONS };
  const { passed, lines, notebook: ran } = await runNotebook({ ...notebook, cells: named }, { env });
  expect(passed, lines.join("\n")).toBe(true);
  return ran.cells;
}

/** Returns a cell, made of another, after which a kernel works on the network of 2026. */
function movingTo2026(cell: NotebookCell): NotebookCell {
  return { ...cell, id: "2026", source: `process.env.BITNODES_URL = ${JSON.stringify(network2026().api)};` };
}

/** Whether a cell is what a learner runs to be told that nothing is written yet. */
function isOfExercises(cell: NotebookCell): boolean {
  return ["setup", "exercise", "check"].includes(courseRole(cell) ?? "");
}

function isDemo(cell: NotebookCell): boolean {
  return courseRole(cell) === "demo";
}

/** Returns the check cells, of which there are some. */
function checksOf(cells: NotebookCell[]): NotebookCell[] {
  const checks = cells.filter((cell) => courseRole(cell) === "check");
  expect(checks.length).toBeGreaterThan(0);
  return checks;
}

/** Returns the ids of the exercises whose cells are as the lesson has them. */
function stubsOf(cells: NotebookCell[]): string[] {
  const stubs = cells.filter((cell) => cellSource(cell).includes(stubMessage(exerciseOf(cell) ?? "")));
  return stubs.map((cell) => exerciseOf(cell)!);
}
