/**
 * Finds a Python that JupyterLab runs on.
 *
 * It asks each Python on the PATH for its version, and takes the first that is suitable. If none is, the
 * error is about the one that comes nearest.
 */
import { Failure } from "../cli/failure";
import { run } from "./processes";

/** JupyterLab 4.6 needs Python 3.10, as its package says (`Requires-Python`). */
const OLDEST_PYTHON = [3, 10] as const;

const NAMES = ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];

/** What a Python reports about itself. */
export interface Python {
  /** Absolute path of the interpreter. */
  path: string;
  version: [major: number, minor: number, micro: number];
  /** Whether it can make virtual environments with pip; Debian has that in a separate package. */
  venv: boolean;
}

const QUESTION = `
import json, sys
try:
    import ensurepip, venv
    has_venv = True
except ImportError:
    has_venv = False
print(json.dumps({"path": sys.executable, "version": sys.version_info[:3], "venv": has_venv}))
`;

/**
 * Resolves to the first suitable Python.
 *
 * @throws Failure that says what to install.
 */
export async function findPython(signal?: AbortSignal): Promise<Python> {
  const found: Python[] = [];
  for (const command of commands()) {
    const python = await askPython(command, signal);
    if (python && isUsable(python)) return python;
    if (python) found.push(python);
  }
  throw new Failure(whyNot(found, process.platform));
}

/**
 * Resolves to the folder of the environment of the Python on the PATH, however old that is.
 *
 * @throws Failure if there is none.
 */
export async function prefixOfPython(): Promise<string> {
  for (const command of commands()) {
    const { status, output } = await run(command, ["-c", "import sys; print(sys.prefix)"]);
    if (status === 0 && output) return output.split("\n").at(-1)!;
  }
  throw new Failure("There is no Python on the PATH: name its environment with --prefix DIR.");
}

/** Returns the commands to try; `PYTHON` in the environment comes first. */
function commands(): string[] {
  const windows = process.platform === "win32" ? ["py"] : [];
  return [...(process.env.PYTHON ? [process.env.PYTHON] : []), ...windows, ...NAMES];
}

async function askPython(command: string, signal?: AbortSignal): Promise<Python | undefined> {
  const { status, output } = await run(command, ["-c", QUESTION], { signal });
  if (status !== 0) return undefined;
  try {
    return JSON.parse(output.split("\n").at(-1)!) as Python;
  } catch {
    return undefined;
  }
}

/** Returns whether JupyterLab can be installed with this Python. */
export function isUsable({ version, venv }: Python): boolean {
  return venv && isNewEnough(version);
}

function isNewEnough([major, minor]: Python["version"]): boolean {
  return major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]);
}

/** Returns a sentence on why none of these Pythons is suitable, and what to do. */
export function whyNot(pythons: Python[], platform: NodeJS.Platform): string {
  const oldest = OLDEST_PYTHON.join(".");
  const otherwise = "(with a Jupyter or VS Code that you already have, `npm run kernel` does without)";
  const withoutVenv = pythons.find(({ version }) => isNewEnough(version));
  if (withoutVenv) {
    const [major, minor] = withoutVenv.version;
    const how =
      platform === "linux"
        ? `on Debian and Ubuntu \`sudo apt install python3-venv\` (or python${major}.${minor}-venv) adds them`
        : "a Python from python.org has them";
    return `JupyterLab goes into a virtual environment, and ${withoutVenv.path} has no venv and ensurepip modules to make one: ${how}; then run the same command again ${otherwise}.`;
  }
  if (pythons.length > 0) {
    return `JupyterLab needs Python ${oldest} or newer, and ${pythons[0].path} is ${pythons[0].version.join(".")}: install a newer one (python.org, or your package manager), then run the same command again ${otherwise}.`;
  }
  return `JupyterLab needs Python ${oldest} or newer, and there is no Python on the PATH: install one (python.org, or your package manager), then run the same command again ${otherwise}.`;
}
