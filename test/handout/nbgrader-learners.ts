/** Learners who hand in 00-welcome by nbgrader, and what their work is worth. */
import { solutionSource } from "@course/lib/notebook";

export const LESSON = "00-welcome";

interface Cell {
  id?: string;
  cell_type: string;
  metadata: { course?: { role: string }; nbgrader?: Record<string, unknown> };
  source: string | string[];
  outputs?: unknown[];
  execution_count?: null;
}

export interface Notebook {
  cells: Cell[];
}

export const SOLVED = solutionSource("greeting");
export const greeting = (body: string) => `function greeting(userAgent: string): string {\n  ${body}\n}`;
export const cellOf = ({ cells }: Notebook, role: string) =>
  cells.find(({ metadata }) => metadata.course?.role === role)!;
export const answer = (source: string) => (notebook: Notebook) =>
  void (cellOf(notebook, "exercise").source = source);
const ownCell = (source: string): Cell => ({
  cell_type: "code",
  id: "mine",
  metadata: {},
  source,
  outputs: [],
  execution_count: null,
});

/** What the learners do with their notebook, and the points that it is worth. */
export const LEARNERS: Record<string, [score: number, write: (notebook: Notebook) => void]> = {
  // JupyterLab copies a cell with its metadata. nbgrader alone would grade nobody after such a notebook.
  right: [
    1,
    (notebook) => {
      answer(SOLVED)(notebook);
      for (const role of ["exercise", "check"])
        notebook.cells.push({ ...structuredClone(cellOf(notebook, role)), id: `copied-${role}` });
    },
  ],
  // Two of three checks pass, and a part of the points is what the instructor wants here. The check's cell is gone.
  half: [
    0.67,
    (notebook) => {
      answer(greeting("return `Hello, ${userAgent.slice(1, -1)}!`;"))(notebook);
      notebook.cells.splice(notebook.cells.indexOf(cellOf(notebook, "check")), 1);
    },
  ],
  wrong: [0, answer(greeting('return "Hello";'))],
  crashing: [0, answer(greeting("process.exit(0);"))],
  untouched: [0, () => {}],
  cheating: [
    0,
    (notebook) => {
      const check = cellOf(notebook, "check");
      check.source = 'console.log("✓ greeting is solved: 1 point."); 1';
      check.metadata.nbgrader!.points = 100;
      notebook.cells.splice(1, 0, ownCell('globalThis.check = async () => console.log("passed");'));
    },
  ],
};
