import fs from "node:fs";
import path from "node:path";
import { isRunning } from "./processes";

/** Gives `file` other content in one step: whoever reads it meanwhile, or stops us half way, has the old or the new, whole. */
export function replaceFile(file: string, content: string | Uint8Array): void {
  const target = fs.existsSync(file) ? fs.realpathSync(file) : file;
  const beside = path.join(path.dirname(target), `.${path.basename(target)}.`);
  removeLeftovers(beside);
  const temporary = `${beside}${process.pid}.tmp`;
  try {
    fs.writeFileSync(temporary, content, { flush: true });
    if (fs.existsSync(target)) fs.chmodSync(temporary, fs.statSync(target).mode);
    fs.renameSync(temporary, target);
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

/** Removes the temporary files of processes that were killed before they could. */
function removeLeftovers(beside: string): void {
  const folder = path.dirname(beside);
  for (const name of fs.readdirSync(folder)) {
    const pid = name.startsWith(path.basename(beside)) && /\.(\d+)\.tmp$/.exec(name)?.[1];
    if (pid && !isRunning(Number(pid))) fs.rmSync(path.join(folder, name), { force: true });
  }
}
