/** Paths of the project. All that the set-up creates is in `.venv` and `.course`, inside the project. */
import path from "node:path";

const windows = process.platform === "win32";

/** The project's folder. */
export const root = path.join(__dirname, "..", "..");
/** JupyterLab's Python environment. */
export const venv = path.join(root, ".venv");
/** The Python of that environment. */
export const venvPython = pythonOf(venv);
/** The folder of the kernel spec for our JupyterLab. */
export const venvKernel = path.join(venv, "share", "jupyter", "kernels", "tslab");
/** Settings, logs and locks of this copy of the course. */
export const courseFolder = path.join(root, ".course");
export const requirements = path.join(root, "requirements.txt");
/** The first notebook, relative to the project's folder, with slashes as in a URL. */
export const firstNotebook = "notebooks/00-welcome.ipynb";

/** Returns the Python of a virtual environment. */
export function pythonOf(environment: string): string {
  return path.join(environment, windows ? "Scripts/python.exe" : "bin/python");
}
