/** Finds the programs that walls are built with. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Returns the absolute path of a program, or undefined if it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(path.delimiter).filter(path.isAbsolute), ...FOLDERS];
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

/** Returns whether the help of a program names an option: older versions lack some. */
export function hasOption(program: string, option: string): boolean {
  const { stdout, stderr } = spawnSync(program, ["--help"], { encoding: "utf8", timeout: 5000 });
  return `${stdout}${stderr}`.includes(option);
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
