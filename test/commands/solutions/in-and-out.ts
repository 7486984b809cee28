/**
 * The program that kill.test.ts kills: puts solutions into a lesson and takes them out again.
 *
 * Arguments: the lesson's file, and the number of the file operation at which to die, a write half
 * done; without a number it goes on until it is killed from outside.
 */
import fs from "node:fs";
import { exchangeAll } from "../../../scripts/solutions/exchange-all";

const [file, dieAt] = process.argv.slice(2);
const lesson = { file, ids: ["nodesToAddressStrings", "nodesToAddressTuples"] as const };

function inAndOut(): void {
  exchangeAll("in", [{ ...lesson, ids: [...lesson.ids] }], () => "function solved() {}\n");
  exchangeAll("out", [{ ...lesson, ids: [...lesson.ids] }], () => "function solved() {}\n");
}

function die(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;);
}

function dieAtOperation(number: number): void {
  let count = 0;
  const real = { ...fs };
  for (const name of ["mkdirSync", "chmodSync", "renameSync", "rmSync"] as const) {
    Object.assign(fs, {
      [name](...args: unknown[]) {
        if (++count === number) die();
        return (real[name] as (...args: unknown[]) => unknown)(...args);
      },
    });
  }
  fs.writeFileSync = ((target: string, content: string | Buffer, options: object) => {
    if (++count === number) {
      real.writeFileSync(target, content.slice(0, content.length / 2), options);
      die();
    }
    real.writeFileSync(target, content, options);
  }) as typeof fs.writeFileSync;
}

if (dieAt) {
  dieAtOperation(Number(dieAt));
  inAndOut();
} else {
  process.send!("ready");
  for (;;) inAndOut();
}
