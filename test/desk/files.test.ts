/** What is written about a class: the gradebook, the table, the pages of feedback, the shares. */
import {
  classCsv,
  failedChecks,
  feedbackNames,
  feedbackPage,
  fillGradebook,
  type GradedLearner,
  type LearnerResult,
} from "@course/lib/desk";
import { expect, test } from "vitest";

function graded(
  learner: string,
  points: number,
  more: Partial<GradedLearner["submission"]> = {},
): GradedLearner {
  const checks = [
    {
      name: "Hello",
      passed: points > 0,
      message: points > 0 ? "" : `cell ${points + 4} says <script>no</script>`,
    },
  ];
  const exercises = [
    {
      id: "greeting",
      notebook: "00-welcome",
      status: points > 0 ? "solved" : "failed",
      points,
      possible: 1,
      checks,
    },
  ] as LearnerResult["exercises"];
  const result = {
    learner,
    source: "x",
    release: null,
    isolation: "process",
    points,
    possible: 1,
    exercises,
    notes: [],
    evidence: [],
  };
  const submission = {
    learner,
    ids: {},
    source: "x",
    name: learner,
    isLate: false,
    isResubmitted: false,
    files: [],
    refused: [],
    ...more,
  };
  return { submission, result, folder: "" };
}

const CANVAS =
  "\ufeffStudent,ID,SIS Login ID,Welcome (12),Other (13),Notes\r\n" +
  "    Points Possible,,,1,5,(read only)\r\n" +
  '"Smith, Bob",340934,bob,,3,"says ""hi"""\r\n' +
  "Çelik Öz,340935,oz,0.50,,=1+1\r\n" +
  "Nobody,1,no,,,\r\n";

test("feedback has a learner's notes, and nothing of what looks like tampering", () => {
  const { result } = graded("bob", 1);
  const page = feedbackPage({ ...result, notes: ["handed in late"], evidence: ["it wrote a verdict"] });
  expect(page).toContain("handed in late");
  expect(page).not.toContain("it wrote a verdict");
});

test("a gradebook of Canvas gets our column, and keeps every other byte", () => {
  const learners = [
    graded("smithbob", 1, { ids: { canvas: "340934" } }),
    graded("oz", 0, { ids: { login: "oz" } }),
    graded("eve", 1),
  ];
  const { bytes, notFound, filled, warnings } = fillGradebook(Buffer.from(CANVAS), learners);
  const expected = CANVAS.replace("bob,,3", "bob,1,3").replace("oz,0.50,", "oz,0,");
  expect(bytes.toString()).toBe(expected);
  expect({ notFound, filled, warnings }).toEqual({ notFound: ["eve"], filled: 2, warnings: [] });
});

test("a gradebook in another encoding, with semicolons, keeps its bytes", () => {
  const text = "Student;ID;00-welcome (1)\n\xc7elik \xd6z;7;\n";
  const { bytes } = fillGradebook(Buffer.from(text, "latin1"), [graded("x", 1, { ids: { canvas: "7" } })]);
  expect(bytes.toString("latin1")).toBe("Student;ID;00-welcome (1)\n\xc7elik \xd6z;7;1\n");
});

test("a gradebook of Moodle is filled in by participant, and other points than ours are said", () => {
  const text =
    'Identifier,"Full name",Grade,"Maximum Grade"\nParticipant 7,"A B",,100.00\n"Participant 77","C D",,100.00\n';
  const { bytes, warnings } = fillGradebook(Buffer.from(text), [
    graded("A B", 1, { ids: { participant: "7" } }),
  ]);
  expect(bytes.toString()).toBe(text.replace('"A B",,', '"A B",1,'));
  expect(warnings).toEqual(['"Grade" gives 100 points, the exercises 1: change the one or the other']);
});

test.each([
  ["a,b\n1,2\n", /expected a gradebook exported from Canvas .* got the columns a, b/],
  [
    "Student,ID,Essay (3)\nA,1,\n",
    /no assignment in the gradebook is named like a lesson \(00-welcome\).* are Essay \(3\)/,
  ],
  ['Student,ID,00-welcome (3)\n"A,1,\n', /no CSV file/],
  ["\xff\xfeS\0t\0", /UTF-16/],
])("a file that is no gradebook for us, %j, says what was expected", (text, message) => {
  expect(() => fillGradebook(Buffer.from(text, "latin1"), [graded("x", 1)])).toThrow(message);
});

test("the table holds no formula", () => {
  const csv = classCsv([graded("=HYPERLINK(1)", 1, { ids: { email: "@x" } })]);
  expect(csv).toBe(
    "\ufefflearner,email,source,total,possible,greeting,notes\r\n'=HYPERLINK(1),'@x,x,1,1,1,\r\n",
  );
});

test("a page of feedback shows what a learner wrote as text", () => {
  const page = feedbackPage(graded("<b>Eve</b>", 0).result);
  expect(page).toContain("&lt;b&gt;Eve&lt;/b&gt;");
  expect(page).toContain("says &lt;script&gt;no&lt;/script&gt;");
  expect(page).not.toMatch(/<b>|<script/);
});

test("pages are named as what was handed in, and no path leads out of their folder", () => {
  const names = ["../../etc/x", "ann.ipynb", "Ann.zip", "..", "a\u0000b"].map((name) =>
    graded("eve", 1, { name }),
  );
  expect(feedbackNames(names)).toEqual(["_.._etc_x", "ann", "Ann 2", "learner", "a_b"]);
});

test("the checks are sorted by the share that failed, with the commonest result", () => {
  const class_ = [graded("a", 0), graded("b", 0), graded("c", 1)].map(({ result }) => result);
  class_[1].exercises[0].checks[0].message = "cell 9 says <script>no</script>"; // the same mistake in another cell
  expect(failedChecks(class_)).toEqual([
    {
      exercise: "greeting",
      check: "Hello",
      failed: 2,
      tried: 3,
      commonest: { message: "the cell says <script>no</script>", count: 2 },
    },
  ]);
});
