/** A lesson as the learner finds it: its checks can be run before anything is written. */
import path from "node:path";
import { expect, test } from "vitest";
import { stubMessage } from "@course/lib/checks";
import { cellSource, courseRole, exerciseOf, type Notebook, readNotebook } from "@course/lib/notebook";
import { NOTEBOOKS, notebookName, notebooksIn } from "../../scripts/notebooks/files";
import { runNotebook } from "../../scripts/notebooks/run";
import { usePracticeNetwork } from "./network";
import { printed } from "./printed";

const LIMIT_MS = 60_000;
const network = usePracticeNetwork({ peers: 10, latency: 0 });

test.each(notebooksIn(NOTEBOOKS).map(notebookName))(
  "%s: every check says that its exercise is not started, and stops nothing",
  async (name) => {
    const lesson = readNotebook(path.join(NOTEBOOKS, `${name}.ipynb`));
    const { passed, lines, notebook } = await runNotebook(lesson, {
      folder: NOTEBOOKS,
      env: { BITNODES_URL: network().api },
      roles: ["setup", "exercise", "check"],
    });
    expect(passed, lines.join("\n")).toBe(true);
    const stubs = stubsOf(lesson);
    const checks = notebook.cells.filter((cell) => courseRole(cell) === "check");
    expect(checks.length).toBeGreaterThan(0);
    for (const cell of checks) {
      const id = exerciseOf(cell)!;
      // A learner runs these tests too, perhaps with something written.
      expect(printed(cell)).toContain(stubs.includes(id) ? `${id} is not written yet` : id);
    }
  },
  LIMIT_MS,
);

/** The exercises nobody has started. */
function stubsOf({ cells }: Notebook): string[] {
  const untouched = cells.filter((cell) => cellSource(cell).includes(stubMessage(exerciseOf(cell) ?? "")));
  return untouched.map((cell) => exerciseOf(cell)!);
}
