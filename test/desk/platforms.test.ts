import { recognise } from "@course/lib/desk";
import { expect, test } from "vitest";

const lessons = ["00-welcome", "04-calling-all-nodes"];
const L = "04-calling-all-nodes.ipynb";

const CASES: [platform: string, folder: string, paths: string[], learners: string[], inner: string[]][] = [
  [
    "Canvas",
    "submissions",
    [`smithbob_340934_208490284_${L}`, `jonesann_LATE_340935_208490285_04-calling-all-nodes-1.ipynb`],
    ["smithbob", "jonesann"],
    [L, L],
  ],
  ["Moodle", "x", [`Jonathan Hoyte_657737_assignsubmission_file_/${L}`], ["Jonathan Hoyte"], [L]],
  ["Moodle", "x", [`Ann_Lee_7_assignsubmission_file_${L}`], ["Ann_Lee"], [L]],
  [
    "nbgrader",
    "course",
    [`submitted/ann/crawl/${L}`, `submitted/bob/crawl/${L}`],
    ["ann", "bob"],
    [`crawl/${L}`, `crawl/${L}`],
  ],
  [
    "nbgrader",
    "submitted",
    [`ann/crawl/${L}`, `bob/crawl/${L}`],
    ["ann", "bob"],
    [`crawl/${L}`, `crawl/${L}`],
  ],
  [
    "GitHub",
    "x",
    [`spring-crawl-ann-lee/notebooks/${L}`, `spring-crawl-bob/notebooks/${L}`],
    ["ann-lee", "bob"],
    [`notebooks/${L}`, `notebooks/${L}`],
  ],
  ["plain folders", "x", [`ann-smith/${L}`, `ann-jones/${L}`], ["ann-smith", "ann-jones"], [L, L]],
  ["plain folders", "x", [`wrapper/ann/${L}`, `wrapper/bob/a/${L}`], ["ann", "bob"], [L, `a/${L}`]],
  [
    "plain folders",
    "x",
    ["ann_04-calling-all-nodes.ipynb", "bob.zip"],
    ["ann", "bob"],
    ["ann_04-calling-all-nodes.ipynb", "bob.zip"],
  ],
  ["plain folders", "ann", [L, "00-welcome.ipynb"], ["ann", "ann"], [L, "00-welcome.ipynb"]],
  ["plain folders", "ann", [`notebooks/${L}`], ["ann"], [`notebooks/${L}`]],
];

test.each(CASES)("%s in %s: %j are %j", (name, folder, paths, learners, inner) => {
  const platform = recognise({ paths, folder, lessons });
  expect(platform.name).toBe(name);
  const owners = paths.map((path) => platform.ownersOf(path)[0]);
  expect(owners.map(({ learner }) => learner)).toEqual(learners);
  expect(owners.map((owner) => owner.inner)).toEqual(inner);
});

test("Canvas says who was late, and which attempt it is", () => {
  const paths = [`bob_LATE_11_22_04-calling-all-nodes-2.ipynb`];
  const [owner] = recognise({ paths, folder: "x", lessons }).ownersOf(paths[0]);
  expect(owner).toMatchObject({ isLate: true, attempt: 2, ids: { canvas: "11" } });
});

test("a folder of Gradescope is that of everybody in its group", () => {
  const submitters = { submission_7: ["Ann", "Bob"].map((learner) => ({ learner, ids: {} })) };
  const paths = [`export/submission_7/a/${L}`];
  const owners = recognise({ paths, folder: "x", lessons, submitters }).ownersOf(paths[0]);
  expect(owners.map(({ learner, inner }) => [learner, inner])).toEqual([
    ["Ann", `a/${L}`],
    ["Bob", `a/${L}`],
  ]);
});
