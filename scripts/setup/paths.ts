/**
 * Paths of the project, and of the learner's work.
 *
 * All that the set-up creates is in `.venv` and `.course`, inside the project. With COURSE_WORK in the
 * environment, notebooks and `.course` are in the folder that it names, and the project is only read: so it can
 * be in an image, or belong to another user.
 */
import path from "node:path";

const windows = process.platform === "win32";

/** The project's folder. */
export const root = path.join(__dirname, "..", "..");
/** The folder with the learner's notebooks: COURSE_WORK, or else the project's. */
export const work = process.env.COURSE_WORK ? path.resolve(process.env.COURSE_WORK) : root;
/** JupyterLab's Python environment. */
export const venv = path.join(root, ".venv");
/** The Python of that environment. */
export const venvPython = pythonOf(venv);
/** Settings, logs and backups. */
export const courseFolder = path.join(work, ".course");
export const requirements = path.join(root, "requirements.txt");
/** The first notebook, relative to the work's folder, with slashes as in a URL. */
export const firstNotebook = "notebooks/00-welcome.ipynb";

/** Returns the Python of a virtual environment. */
export function pythonOf(environment: string): string {
  return path.join(environment, windows ? "Scripts/python.exe" : "bin/python");
}
