/**
 * Finding a Python that JupyterLab runs on.
 *
 * All that are on the PATH are asked what they are, and the first that will do is taken. If none
 * will, the sentence is about the one that comes nearest.
 */
import { Failure } from "../cli/failure";
import { run } from "./processes";

/** JupyterLab 4.6 needs Python 3.10, as its package says (`Requires-Python`). */
export const OLDEST_PYTHON = [3, 10] as const;

const NAMES = ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];

/** What a Python says of itself. */
export interface Python {
  /** Absolute path of the interpreter. */
  path: string;
  version: [major: number, minor: number, micro: number];
  /** Whether it can make virtual environments with pip in them; Debian keeps that in a package of its own. */
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

/** A Python that will do. Throws a Failure that says what to install. */
export async function findPython(signal?: AbortSignal): Promise<Python> {
  const found: Python[] = [];
  for (const command of commands()) {
    const python = await askPython(command, signal);
    if (python && isUsable(python)) return python;
    if (python) found.push(python);
  }
  throw new Failure(whyNot(found, process.platform));
}

/** How to call each Python there may be; `PYTHON` in the environment comes before all others. */
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

/** Whether JupyterLab can be installed with it. */
export function isUsable({ version, venv }: Python): boolean {
  return venv && isNewEnough(version);
}

function isNewEnough([major, minor]: Python["version"]): boolean {
  return major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]);
}

/** One sentence on why none of these Pythons will do, and what to do. */
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
