import path from "node:path";
import { createConverter, type Converter } from "tslab/dist/converter";
import { createExecutor, type Executor } from "tslab/dist/executor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Exercise, runChecks } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { cellSource, courseRole, readNotebook, solutionSource } from "@course/lib/notebook";
import { root } from "../../../scripts/setup/paths";

const NOTEBOOKS = path.join(root, "notebooks");
const all: Exercise[] = Object.values(exercises);

test("solutionSource() has the function's docblock, no export, and nothing else of its file", () => {
  expect(solutionSource("greeting")).toBe(
    [
      "/** Returns a greeting for a node, by the user agent it sends. */",
      "function greeting(userAgent: string): string {",
      '  const name = userAgent.replace(/^\\/|\\/$/g, "");',
      '  return `Hello, ${name || "stranger"}!`;',
      "}",
    ].join("\n"),
  );
});

test("solutionSource() includes the helper functions of the same file", () => {
  expect(solutionSource("progressLine")).toMatch(
    /^\/\*\*[^]*function progressLine[^]*\nfunction timeLeft\(/m,
  );
});

test("solutionSource() neither includes nor imports other exercises", () => {
  expect(solutionSource("getNodes")).not.toContain("function getBitnodesApiResponse");
  expect(solutionSource("getNodes")).not.toContain("import");
});

describe.each([...new Set(all.map(({ notebook }) => notebook))])(
  "in a kernel, after the setup of %s",
  (name) => {
    const lesson = all.filter(({ notebook }) => notebook === name);
    const folder = process.cwd();
    let converter: Converter;
    let kernel: Executor;
    const errors: unknown[] = [];

    beforeAll(async () => {
      process.env.COURSE_GRADING = "1";
      process.chdir(NOTEBOOKS);
      converter = createConverter({ isBrowser: false });
      kernel = createExecutor(
        NOTEBOOKS,
        { node: converter, browser: converter, close() {} },
        {
          log: () => {},
          error: (...args: unknown[]) => errors.push(args),
        },
      );
      const setup = readNotebook(`${name}.ipynb`).cells.find((cell) => courseRole(cell) === "setup")!;
      await kernel.execute(cellSource(setup));
    }, 60_000);
    afterAll(() => {
      converter.close();
      delete (globalThis as { __tslab__?: unknown }).__tslab__;
      process.chdir(folder);
      delete process.env.COURSE_GRADING;
    });

    test.each(lesson.map((exercise) => [exercise.id, exercise] as const))(
      "the source of %s runs as a cell and solves its exercise",
      async (id, exercise) => {
        await kernel.execute(solutionSource(id as keyof typeof exercises));
        expect(errors).toEqual([]);
        const answer = kernel.locals[id];
        expect(answer).not.toBe(exercise.solution);
        expect(await runChecks(exercise, answer)).toMatchObject({ status: "solved" });
      },
    );
  },
);
