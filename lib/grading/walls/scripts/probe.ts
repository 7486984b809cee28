/**
 * Tries out walls from inside: writes to pipe 3 what it could do.
 *
 * Lesson 07 needs threads and child processes: walls in which these do not work are of no use.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { Worker } from "node:worker_threads";

export interface ProbeAnswer {
  /** Whether a file outside could be read. */
  seesOutside: boolean;
  uid: number | undefined;
}

void (process.send ? answerParent() : probe());

function answerParent(): void {
  process.send!("here");
  process.disconnect();
}

async function probe(): Promise<void> {
  const worker = new Worker("require('node:worker_threads').parentPort.postMessage('here')", { eval: true });
  const child = fork(__filename);
  await Promise.all([once(worker, "message"), once(child, "message")]);
  const answer: ProbeAnswer = { seesOutside: canRead(process.argv[2]), uid: process.getuid?.() };
  fs.writeSync(3, JSON.stringify(answer));
}

function canRead(file: string): boolean {
  try {
    return fs.readFileSync(file).length > 0;
  } catch {
    return false;
  }
}
