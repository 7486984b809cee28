/**
 * Node's permission model: https://nodejs.org/api/permissions.html
 *
 * It guards against mistakes, not against attacks. Threads and child processes have to be allowed, since lesson
 * 07 is about them, and a child process that is not Node.js may do everything.
 */
import fs from "node:fs";
import path from "node:path";
import { outermost } from "./node-files";

/** Versions in which the model has this flag, and no longer the experimental one. */
const STABLE = { 22: 13, 23: 5 };
/** The version from which on the network has to be allowed too. */
const WITH_NETWORK = 25;

/** Returns the flags with which Node.js reads and writes only some files and folders. */
export function permissionFlags(
  readable: readonly string[],
  writable: readonly string[],
  version: string = process.versions.node,
): string[] {
  const [major, minor] = version.split(".").map(Number);
  const first = STABLE[major as keyof typeof STABLE] ?? (major < 22 ? Infinity : 0);
  return [
    minor >= first ? "--permission" : "--experimental-permission",
    // Node.js 20 dies of a path that it has been given before.
    ...outermost([...readable, ...writable]).map((file) => `--allow-fs-read=${withContent(file)}`),
    ...outermost(writable).map((file) => `--allow-fs-write=${withContent(file)}`),
    ...["--allow-worker", "--allow-child-process", "--allow-addons"],
    ...(major >= WITH_NETWORK ? ["--allow-net"] : []),
    ...["--disable-warning=ExperimentalWarning", "--disable-warning=SecurityWarning"],
  ];
}

/** Returns a path as the flags have it, with all that is in it if it is a folder. */
function withContent(file: string): string {
  return fs.statSync(file).isDirectory() ? path.join(file, "*") : file;
}
