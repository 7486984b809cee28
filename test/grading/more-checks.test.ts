/** Checks that learners do not see: the judge alone has them, and says no more than their titles. */
import fs from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { fingerprintOf, ownChecks } from "@course/lib/grading";
import { script } from "../helpers/course";
import { type Case, failures, gradeCases, lesson, notebooksFolder, useGradedCases } from "./notebooks";

const BY_HEART = `function greeting(userAgent: string): string {
  const known: Record<string, string> = {
    "": "Hello, stranger!",
    "/Satoshi:0.16.3/": "Hello, Satoshi:0.16.3!",
    "/Satoshi:0.16.3/Knots:20180918/": "Hello, Satoshi:0.16.3/Knots:20180918!",
  };
  return known[userAgent] ?? "Hello, btcwire:0.5.0!";
}`;
const RIGHT = `function greeting(userAgent: string): string {
  return \`Hello, \${userAgent.replace(/^\\/|\\/$/g, "") || "stranger"}!\`;
}`;

/** Makes a folder with a module of one's own checks. */
function folderWith(name: string, source: string): string {
  const folder = notebooksFolder();
  fs.writeFileSync(path.join(folder, name), source);
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe("hidden calls", () => {
  const caseOf = (greeting: string): Case => ({
    ids: ["greeting"],
    cells: lesson("00-welcome", { greeting }),
  });
  const graded = useGradedCases({ byHeart: caseOf(BY_HEART), right: caseOf(RIGHT) }, { hiddenSeed: 7 });

  test("hidden calls fail an answer that only knows what the visible checks ask, with their title and nothing else", () => {
    const { status, checks } = graded("byHeart").byId.greeting;
    expect(status).toBe("failed");
    expect(checks.filter(({ passed }) => !passed)).toEqual([
      {
        name: "Hidden: 50 calls with other input",
        passed: false,
        message: "not passed; this check is hidden",
      },
    ]);
  });

  test("hidden calls pass an answer that is right", () => {
    expect(graded("right").byId.greeting.status).toBe("solved");
    expect(graded("right").byId.greeting.checks.map(({ name }) => name)).toContain(
      "Hidden: 50 calls with other input",
    );
  });
});

test("an instructor's own checks are run by the judge, and show their titles alone", async () => {
  const folder = folderWith(
    "greeting.cjs",
    `module.exports = [
        { name: "A first one", run(answer) { if (answer("/a/") !== "Hello, a!") throw new Error("secret"); } },
        { name: "A second one", run(answer) { throw new Error("secret " + answer("/b/")); } },
      ];`,
  );
  const cells = lesson("00-welcome", { greeting: RIGHT });
  const { right } = await gradeCases({ right: { ids: ["greeting"], cells } }, { folder });
  expect(right.byId.greeting.checks.slice(-2)).toEqual([
    { name: "A first one", passed: true, message: "" },
    { name: "A second one", passed: false, message: "not passed; this check is hidden" },
  ]);
  expect(failures(right.byId.greeting)).not.toContain("secret");
});

test("results depend on the seed, and on what one's own checks say", () => {
  const [one, other] = ["1", "2"].map((n) => folderWith("greeting.cjs", `module.exports = []; // ${n}`));
  const prints = [{}, { hiddenSeed: 1 }, { hiddenSeed: 2 }, { folder: one }, { folder: other }].map(
    fingerprintOf,
  );
  expect(new Set(prints).size).toBe(5);
});

test.each(["module.exports = 7;", "module.exports = [{ name: 'x' }];", "module.exports = [null];"])(
  "a module that exports no checks is refused by name: %s",
  (source) => {
    expect(() => ownChecks(folderWith("greeting.cjs", source), "greeting")).toThrow(
      /greeting\.cjs: expected module\.exports = \[/,
    );
  },
);

test.each([
  ["--checks", "nowhere", /there is no such folder/],
  ["--hidden", "soon", /expected a whole number/],
])("a wrong %s ends the command with exit code 2", async (flag, value, message) => {
  const command = script("grade", ["greeting", flag, value]);
  expect(await command.exitCode()).toBe(2);
  expect(command.output).toMatch(message);
});

test.each([
  [
    "the course's own solution does not pass",
    "[{ name: 'A typo', run(answer) { assrt(answer); } }]",
    /greeting\.cjs: the course's own greeting does not pass "A typo": .*assrt is not defined/,
  ],
  ["it cannot be loaded", "[", /greeting\.cjs cannot be loaded: SyntaxError/],
])("a check of one's own is refused if %s", async (_why, source, message) => {
  const folder = folderWith("greeting.cjs", `module.exports = ${source};`);
  const command = script("grade", ["greeting", "--checks", folder]);
  expect(await command.exitCode()).toBe(2);
  expect(command.output.replace(/\s+/g, " ")).toMatch(message);
});
