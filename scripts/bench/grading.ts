/**
 * The part `grade`: how long `npm run grade` takes for an untouched course, for a solved one, and for a class, beside
 * the start of a Node.js that does nothing.
 *
 * "The first time" is with nothing that was compiled before: see lib/grading/compiled-store.ts.
 *
 * CPU time is that of the whole machine: the grader's processes have children of their own, some of which are killed.
 */
import type { Exercise } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { COMPILED } from "@course/lib/grading";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { KINDS_AND_FORMS, makeClass } from "../sample-class/sample-class";
import { courseFolder, root } from "../setup/paths";
import { median } from "./measure";
import { type Report, target } from "./report";

interface GradingOptions {
  rounds: number;
  learners: number;
  log: (text: string) => void;
}

/**
 * Seconds for an untouched course; seconds and processor time of a solved one, a quarter of what both were before there
 * was a judge; submissions of the whole course in a quarter of an hour.
 */
const TARGETS = { untouched: 3, solved: 5.5, solvedCpu: 9.5, submissions: 200 };
const QUARTER_OF_AN_HOUR = 900;

interface Job {
  name: string;
  args: string[];
  /** Whether nothing is to have been compiled before. */
  isFirst?: boolean;
}

interface Spent {
  seconds: number;
  cpuSeconds: number;
}

/** Measures how fast the grader is. */
export async function grading({ rounds, learners, log }: GradingOptions): Promise<Report> {
  const folder = sampleClass(learners);
  try {
    const submissions = path.join(folder, "submissions");
    const jobs: Job[] = [
      { name: "the start of a Node.js", args: ["-e", "0"] },
      { name: "an untouched course", args: grade("--notebooks", path.join(root, "notebooks")) },
      { name: "a solved course, the first time", args: grade("--solutions"), isFirst: true },
      { name: "a solved course, again", args: grade("--solutions") },
      {
        name: `a class of ${learners}, the first time`,
        args: grade("--submissions", submissions, "--again"),
        isFirst: true,
      },
    ];
    const spent = jobs.map((): Spent[] => []);
    for (let round = 0; round < rounds; round++) {
      for (const [i, { name, args, isFirst }] of jobs.entries()) {
        log(`${name}, round ${round + 1} of ${rounds}`);
        if (isFirst) fs.rmSync(COMPILED, { recursive: true, force: true });
        spent[i].push(await run(args));
      }
    }
    return report(
      jobs.map(({ name }, i) => ({ name, ...medianOf(spent[i]) })),
      learners,
    );
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function grade(...args: string[]): string[] {
  return [path.join(root, "scripts", "run.cjs"), "grade", ...args];
}

/** Makes a class as most are: all work on the whole course, more or less successfully. */
function sampleClass(learners: number): string {
  fs.mkdirSync(courseFolder, { recursive: true });
  const folder = fs.mkdtempSync(path.join(courseFolder, "bench-grade-"));
  const usual = KINDS_AND_FORMS.filter(
    ([kind, form]) => ["mixed", "solved", "half", "wrong"].includes(kind) && form === "saved",
  );
  const kinds = Array.from({ length: learners }, (_, i) => usual[i % usual.length]);
  const all = Object.values(exercises) as Exercise[];
  makeClass(folder, learners, { platform: "canvas", exercises: all, seed: 1, kinds });
  return folder;
}

async function run(args: string[]): Promise<Spent> {
  const [cpuBefore, before] = [machineCpuSeconds(), performance.now()];
  const child = spawn(process.execPath, args, { stdio: "ignore", cwd: root });
  const [code] = (await once(child, "exit")) as [number | null];
  // 1: not all of it is solved.
  if (code !== 0 && code !== 1) throw new Error(`grading ended with exit code ${code}`);
  const seconds = (performance.now() - before) / 1000;
  return { seconds, cpuSeconds: machineCpuSeconds() - cpuBefore };
}

function machineCpuSeconds(): number {
  return os.cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys, 0) / 1000;
}

function medianOf(spent: Spent[]): Spent {
  const of = (key: keyof Spent) => median(spent.map((one) => one[key]));
  return { seconds: of("seconds"), cpuSeconds: of("cpuSeconds") };
}

function report(results: ({ name: string } & Spent)[], learners: number): Report {
  const [bare, untouched, , solved, wholeClass] = results;
  const submissions = (learners * QUARTER_OF_AN_HOUR) / wholeClass.seconds;
  return {
    head: ["npm run grade", "seconds", "CPU s", "of a bare start"],
    rows: results.map(({ name, seconds, cpuSeconds }) => [
      name,
      seconds.toFixed(2),
      cpuSeconds.toFixed(2),
      (seconds / bare.seconds).toFixed(0),
    ]),
    targets: [
      target("an untouched course, in seconds", untouched.seconds, { most: TARGETS.untouched }),
      target("a solved course again, in seconds", solved.seconds, { most: TARGETS.solved }),
      target("a solved course again, in CPU seconds", solved.cpuSeconds, { most: TARGETS.solvedCpu }),
      target(
        "submissions of the whole course in a quarter of an hour",
        submissions,
        { least: TARGETS.submissions },
        0,
      ),
    ],
    figures: results,
  };
}
