/**
 * A learner's work is never lost, whenever `in` or `out` is killed.
 *
 * KILLS=1000 in the environment kills more often, SEED=7 at the moments of another run.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Random } from "@course/lib/util";
import { exchangeAll } from "../../../scripts/solutions/exchange-all";
import { root } from "../../../scripts/setup/paths";
import { PROGRAM } from "../../helpers/limits";
import { learnerCells, readCells, removeLesson, writeLesson } from "./fixture";

const KILLS = Number(process.env.KILLS ?? 12);
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
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

/** Expects each answer in its cell, or whole in the cell's metadata. Fails too if the file is no JSON. */
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

test("an exchange killed at any file operation, each write half done, loses nothing", async () => {
  let operation = 0;
  let signal: string | null = null;
  do {
    fs.writeFileSync(file, before);
    [, signal] = (await once(start(String(++operation)), "exit")) as [number | null, string | null];
    expectNothingLost();
    expectItBack();
  } while (signal === "SIGKILL");
  expect(operation).toBeGreaterThan(8);
}, PROGRAM);

test(
  `an exchange killed at ${KILLS} random moments loses nothing (SEED=${SEED})`,
  async () => {
    const random = new Random(SEED, "kills");
    for (let kills = 0; kills < KILLS; kills++) {
      const child = start();
      await once(child, "message");
      await wait(random.next() * LONGEST_LIFE_MS);
      child.kill("SIGKILL");
      await once(child, "exit");
      expectNothingLost();
    }
    expectItBack();
    const left = fs.readdirSync(path.dirname(file));
    expect(left.filter((name) => name.endsWith(".tmp"))).toEqual([]);
  },
  PROGRAM + KILLS * 10_000,
);
