/** The line profile of a function of a cell, in the real kernel: its source is the one that was written. */
import { expect, test } from "vitest";
import { runNotebook } from "../../scripts/notebooks/run";
import { KERNEL } from "../helpers/limits";
import { notebookOf } from "./made-up";
import { printed } from "./printed";

const SLOW = `// A comment stands first.
const delays: number[] = [];

/** Waits, and says for how long. */
async function slow(times: number): Promise<number[]> {
  for (let i = 0; i < times; i++) {
    delays.push(await pause(15 as number)); // here it waits
  }
  return [...delays, extra];
}`;

const LOOK = `
const found = profile.lines.map(({ line, hits, code }) => [line, hits, code]);
console.log(JSON.stringify([profile.place, found, profile.value, profile.error]));`;

test(
  "profileLines runs a function of a cell with the names of all cells, and shows it as it was written",
  async () => {
    const sources = [
      'import { profileLines, useSolution } from "@course/lib";\nimport timers from "node:timers/promises";',
      "let extra = 1;\nconst pause = async (ms: number): Promise<number> => { await timers.setTimeout(ms); extra++; return ms; };",
      SLOW,
      `const profile = await profileLines(slow, 2);${LOOK}`,
      "async function slow(times: number): Promise<number[]> { return 5; }", // does not compile: the one before is still there
      `const profile = await profileLines(slow, 1);${LOOK}`,
      `const profile = await profileLines(pause, 1);${LOOK}`,
      // The function declaration replaces the one before, although its cell fails.
      'async function slow(times: number): Promise<number[]> { return [6]; }\nthrow new Error("on purpose");',
      `const profile = await profileLines(slow, 1);${LOOK}`,
      'await profileLines(console.log.bind(console)).catch((error) => console.log("refused:", error.message));',
    ];
    const { notebook } = await runNotebook(notebookOf(...sources), { keepGoing: true });
    const said = notebook.cells.map(printed);
    const told = (cell: number) => JSON.parse(/\["a cell",.*$/m.exec(said[cell])![0]);

    const lines = SLOW.split("\n").slice(4);
    const hits = [0, 3, 2, 0, 1, 0];
    const code = lines.map((line, i) => [i + 5, hits[i], line]);
    expect(told(3)).toEqual(["a cell", code, [15, 15, 3], null]);
    expect(said[3]).toContain("slow, from a cell, took");
    expect(said[3]).toContain("delays.push(await pause(15 as number)); // here it waits");

    expect(said[4]).toContain("not assignable");
    expect(told(5)).toEqual(["a cell", expect.any(Array), [15, 15, 15, 4], null]);
    const pause = [2, 1, expect.stringContaining("const pause = async (ms: number)")];
    expect(told(6)).toEqual(["a cell", [pause], 1, null]);
    expect(said[7]).toContain("on purpose");
    expect(told(8)).toEqual(["a cell", [[1, 1, expect.stringContaining("return [6]")]], [6], null]);
    expect(said[9]).toContain("refused:");
    expect(said[9]).toContain("has no source");
  },
  KERNEL,
);
