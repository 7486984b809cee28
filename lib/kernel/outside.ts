/**
 * Notebooks outside of the course's folder: VS Code starts kernels in the home folder, and copies lie in Downloads.
 *
 * From there neither the compiler nor `require` finds the course's packages on its way up. So both are told of them,
 * behind whatever the folder has itself.
 */
import { createRequire, Module } from "node:module";
import path from "node:path";
import { LIB } from "../util/paths";

/** The packages of the course, beside lib/. */
const PACKAGES = path.join(LIB, "..", "node_modules");

/** Returns whether a notebook in `folder` finds the course's library by itself. */
function findsLibrary(folder: string): boolean {
  try {
    createRequire(path.join(folder, "notebook.js")).resolve("@course/lib");
    return true;
  } catch {
    return false;
  }
}

/**
 * Lets `require` find the course's packages from `folder`, if it does not already.
 *
 * @returns the compiler's options that do the same for types; none if they are not needed.
 */
export function reachPackagesFrom(folder: string): object {
  if (findsLibrary(folder)) return {};
  process.env.NODE_PATH = [process.env.NODE_PATH, PACKAGES].filter(Boolean).join(path.delimiter);
  (Module as unknown as { _initPaths(): void })._initPaths();
  return { baseUrl: PACKAGES, paths: { "*": ["*"] }, typeRoots: [path.join(PACKAGES, "@types")] };
}
