import fs from "node:fs";
import { createRequire } from "node:module";
import { expect, onTestFinished, test, vi } from "vitest";
import { notebooksFolder } from "./notebooks";

// As compiled: from there the paths lead to the course's folder, where what is compiled is kept.
const load = createRequire(import.meta.url);
const { Compiler } = load("../../lib/dist/grading/compiler") as typeof import("../../lib/grading/compiler");
const { Workshop } = load("../../lib/dist/grading/workshop") as typeof import("../../lib/grading/workshop");

/** Returns what to compile: one cell that nobody has compiled before, unless `text` is the same. */
function job(text: string) {
  const source = `const kept = "${text}";`;
  return { cells: [{ position: 1, source, whole: true }], ids: [] };
}

/** Returns a workshop as each call of `npm run grade` has one, and a folder without modules. */
function opened({ isWeak = false, isClass = false } = {}) {
  const workshop = new Workshop(isWeak, isClass);
  const folder = notebooksFolder();
  onTestFinished(() => {
    workshop.end();
    fs.rmSync(folder, { recursive: true });
  });
  return { workshop, folder };
}

/** Counts what is compiled, and says so in what comes of it. */
function watchCompiler() {
  const compile = vi.spyOn(Compiler.prototype, "compile").mockImplementation(async ({ cells }) => {
    const rest = { declares: [], neededBy: {}, uses: [], standIns: [] };
    const piece = { output: `${compile.mock.calls.length}`, hasToplevelAwait: false, lines: [] };
    return { cells: cells.map((cell) => ({ ...cell, ...rest, pieces: [piece] })), sideOutputs: [] };
  });
  onTestFinished(() => compile.mockRestore());
  return compile;
}

const once = `${process.pid} ${Date.now()}`;

test("a notebook that has not changed is not compiled again, and one that has is", async () => {
  const compile = watchCompiler();
  const outputs: unknown[] = [];
  for (const text of [once, once, `${once} changed`]) {
    const { workshop, folder } = opened();
    const { cells } = await workshop.compile(folder, job(text));
    outputs.push(cells[0].pieces[0].output);
  }
  expect(outputs).toEqual(["1", "1", "2"]);
  expect(compile).toHaveBeenCalledTimes(2);
});

test.each([{ isWeak: true }, { isClass: true }])("with %o no notebook is kept", async (options) => {
  const compile = watchCompiler();
  const { workshop, folder } = opened(options);
  for (let i = 0; i < 2; i++) await workshop.compile(folder, job(`${once} ${Object.keys(options)[0]}`));
  expect(compile).toHaveBeenCalledTimes(2);
});
