/** A learner's work is never lost, whenever `in` or `out` is killed. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exchangeAll } from "../../../scripts/solutions/exchange-all";
import { root } from "../../../scripts/setup/paths";
import { learnerCells, readCells, removeLesson, writeLesson } from "./fixture";

/** More with KILLS=1000 in the environment. */
const KILLS = Number(process.env.KILLS ?? 12);
const LONGEST_LIFE_MS = 60;

let file: string;
let before: Buffer;
beforeEach(() => {
  file = writeLesson();
  before = fs.readFileSync(file);
});
afterEach(() => removeLesson(file));

function start(...args: string[]): ChildProcess {
  return fork(path.join(root, "scripts", "run.cjs"), ["../test/commands/solutions/in-and-out", file, ...args]);
}

/** Each answer is in its cell, or whole in the cell's metadata. Fails too if the file is no JSON. */
function expectNothingLost(): void {
  const cells = readCells(file);
  expect(cells).toHaveLength(3);
  for (const [index, { source, outputs, execution_count }] of learnerCells().slice(0, 2).entries()) {
    const { course } = cells[index].metadata as { course: { mine?: object } };
    expect(course.mine ?? cells[index]).toMatchObject({ source, outputs, execution_count });
  }
}

function expectItBack(): void {
  for (const direction of ["in", "out"] as const) {
    exchangeAll(direction, [{ file, ids: ["nodesToAddressStrings", "nodesToAddressTuples"] }], () => "");
  }
  expect(fs.readFileSync(file)).toEqual(before);
}

test("killed at any file operation, each write half done", async () => {
  let operation = 0;
  let signal: string | null = null;
  do {
    fs.writeFileSync(file, before);
    [, signal] = (await once(start(String(++operation)), "exit")) as [number | null, string | null];
    expectNothingLost();
    expectItBack();
  } while (signal === "SIGKILL");
  expect(operation).toBeGreaterThan(8);
}, 150_000);

test(
  `killed at ${KILLS} moments at random`,
  async () => {
    for (let kills = 0; kills < KILLS; kills++) {
      const child = start();
      await once(child, "message");
      await wait(Math.random() * LONGEST_LIFE_MS);
      child.kill("SIGKILL");
      await once(child, "exit");
      expectNothingLost();
    }
    expectItBack();
    const left = fs.readdirSync(path.dirname(file));
    expect(left.filter((name) => name.endsWith(".tmp"))).toEqual([]);
  },
  10_000 + KILLS * 10_000,
);
