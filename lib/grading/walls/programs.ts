/** What the programs can do that walls are built with. */
import { spawnSync } from "node:child_process";

/** Returns whether the help of a program names an option: older versions lack some. */
export function hasOption(program: string, option: string): boolean {
  const { stdout, stderr } = spawnSync(program, ["--help"], { encoding: "utf8", timeout: 5000 });
  return `${stdout}${stderr}`.includes(option);
}
