/** Runs small scripts behind walls, and looks for what they leave. */
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import {
  chooseWalls,
  courseFiles,
  type WalledProcess,
  type WalledProgram,
  type Walls,
} from "@course/lib/grading/walls";
import { onTestFinished } from "vitest";

export const linux = process.platform === "linux";
export const isRoot = process.getuid?.() === 0;

const reason = (error: Error) => error.message;
/** Each kind of walls, or why it cannot be had here. */
export const bubblewrap = await chooseWalls("bubblewrap").catch(reason);
export const user = isRoot && linux ? await chooseWalls("user").catch(reason) : "needs root";
export const own = await chooseWalls("process");

export const all = [bubblewrap, user, own].filter((walls) => typeof walls !== "string");
export const strong = all.filter(({ isWeak }) => !isWeak);
/** Names walls for `describe.each`. */
export const named = (some: Walls[]) => some.map((walls) => [walls.isolation, walls] as const);

/** Returns a new folder that all users may read. */
export function openFolder(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "walls-test-")));
  fs.chmodSync(folder, 0o755);
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a script that can use `fs`, `net`, `cp`, `say` and `attempt`. */
export function startScript(
  walls: Walls,
  source: string,
  options: Partial<WalledProgram> = {},
): WalledProcess {
  const script = path.join(openFolder(), "script.cjs");
  fs.writeFileSync(script, PRELUDE + source);
  const folder = options.folder ?? path.dirname(script);
  const program = walls.spawn({ script, stdio: ["ignore", "pipe", "pipe"], ...options, folder });
  onTestFinished(() => program.end());
  return program;
}

/** Runs a script until it has ended. Returns what it said. */
export async function runScript(
  walls: Walls,
  source: string,
  options?: Partial<WalledProgram>,
): Promise<unknown> {
  const { child } = startScript(walls, source, options);
  const [said, problem] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, "close")]);
  if (said === "") throw new Error(`the script said nothing: ${problem}`);
  return JSON.parse(said);
}

/** Returns a grader that does nothing but run a script behind walls of the same kind. */
export function graderSource({ isolation }: Walls, script: string): string {
  const door = JSON.stringify(path.join(courseFiles()[0], "dist/grading/walls"));
  const program = { script, folder: path.dirname(script), stdio: "inherit" };
  return `require(${door}).chooseWalls("${isolation}").then((walls) => walls.spawn(${JSON.stringify(program)}))`;
}

/** Returns an argument for `sleep` by which a process is found on the whole machine. */
export function uniqueSeconds(): string {
  return `${10_000 + Math.floor(Math.random() * 80_000)}.${process.pid}${Date.now() % 1_000_000}`;
}

/** Returns how many processes of this machine have this argument. */
export function runningWith(argument: string): number {
  const pids = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => argumentsOf(pid).includes(argument)).length;
}

function argumentsOf(pid: string): string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

const PRELUDE = `
const fs = require("node:fs"), net = require("node:net"), cp = require("node:child_process");
const say = (value) => fs.writeSync(1, JSON.stringify(value));
const attempt = (work) => { try { work(); return "done"; } catch (error) { return error.code ?? String(error); } };
`;
