/** Where things are: everything that a set-up makes is in `.venv` and `.course`, inside the project. */
import path from "node:path";

const windows = process.platform === "win32";

/** The project's folder. */
export const root = path.join(__dirname, "..", "..");
/** JupyterLab's Python environment. */
export const venv = path.join(root, ".venv");
/** The Python in it. */
export const venvPython = path.join(venv, windows ? "Scripts/python.exe" : "bin/python");
/** The kernel spec that our JupyterLab finds. */
export const venvKernel = path.join(venv, "share", "jupyter", "kernels", "tslab");
/** Settings, logs and locks of this copy of the course. */
export const courseFolder = path.join(root, ".course");
export const requirements = path.join(root, "requirements.txt");
/** The first notebook, from the project's folder, as an address writes it. */
export const firstNotebook = "notebooks/00-welcome.ipynb";
