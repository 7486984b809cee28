/** Tries walls out: starts Node.js in them. */
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { PROBE_SCRIPT } from "./scripts/paths";
import type { ProbeAnswer } from "./scripts/probe";
import { makeFolder, removeFolder } from "./temporary-folder";
import type { Walls } from "./walls";

/** A start takes a tenth of a second; on a busy machine much more. */
export const PROBE_MS = 60_000;

/** Returns what a program in these walls can do. Throws an error that says why it does not start. */
export async function probe(walls: Walls): Promise<ProbeAnswer> {
  const outside = makeFolder();
  const secret = path.join(outside, "secret");
  fs.writeFileSync(secret, "secret", { mode: 0o644 });
  const program = walls.spawn({
    script: PROBE_SCRIPT,
    args: [secret],
    folder: __dirname,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const { child } = program;
  const timer = setTimeout(() => program.end(), PROBE_MS);
  const ended = once(child, "close").catch(() => {}); // a program that is not there: `answer` is empty
  const [answer, problem] = await Promise.all([
    text(child.stdio[3] as Readable).catch(() => ""),
    text(child.stderr!).catch(() => ""),
    ended,
  ]);
  clearTimeout(timer);
  removeFolder(outside);
  if (answer) return JSON.parse(answer) as ProbeAnswer;
  throw new Error(
    problem.trim().split("\n")[0] || `Node.js ended with ${child.signalCode ?? child.exitCode}`,
  );
}
