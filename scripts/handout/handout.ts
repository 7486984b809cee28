/** The course as learners get it: what they need to learn, with the release written into each notebook. */
import { exercises } from "@course/lib/exercises";
import { areAllUntouched } from "@course/lib/grading";
import { cellSource, courseRole, type Notebook, readNotebook, serializeNotebook } from "@course/lib/notebook";
import { language, ORIGINAL } from "@course/lib/language";
import { UsageError } from "@course/lib/util";
import fs from "node:fs";
import path from "node:path";
import { notebookName, NOTEBOOKS, notebooksIn } from "../notebooks/files";
import { root } from "../setup/paths";
import { translateLesson } from "../translate/lesson";
import { courseRelease, hashOf, type Release, RELEASE_FILE } from "./release";

/** What of the project's folder is handed out. Anything else there may be the instructor's own: grades, notes. */
const HANDED_OUT = [
  ".devcontainer",
  ".gitignore",
  "LICENSE",
  "binder",
  "course.code-workspace",
  "docs/vscode.md",
  "images",
  "lib",
  "notebooks/tsconfig.json",
  "package-lock.json",
  "package.json",
  "requirements-nbgrader.txt",
  "requirements.txt",
  "scripts",
  "tsconfig.json",
];
const MADE = new Set(["dist", "node_modules", "__pycache__"]);

/** Returns all files of a handout, by their paths. */
export function handoutFiles(options: {
  hints: boolean;
  hiddenChecks?: boolean;
  language?: string;
}): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const name of HANDED_OUT) collect(name, files);
  files.set("README.md", Buffer.from(learnersReadme(fs.readFileSync(path.join(root, "README.md"), "utf8"))));
  files.set(
    ".github/workflows/grade.yml",
    fs.readFileSync(path.join(__dirname, "files", "github", "grade.yml")),
  );
  const release: Release = {
    release: courseRelease(),
    ...(options.hiddenChecks && { hiddenChecks: true }),
    ...inLanguage(options.language ?? ORIGINAL),
    files: {},
    cells: {},
  };
  for (const [name, bytes] of files) release.files[name] = hashOf(bytes);
  addLessons(files, release, options.hints);
  return files;
}

/**
 * Returns the lessons alone, with their release: for a folder of work that is apart from the course. They are in the
 * language that the course speaks: that of COURSE_LANGUAGE, for one.
 */
export function lessonFiles(): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  addLessons(files, { release: courseRelease(), ...inLanguage(language()), files: {}, cells: {} }, true);
  return files;
}

/** Returns what a release says of its language, if that is not the one of the originals. */
function inLanguage(code: string): Pick<Release, "language"> {
  return code === ORIGINAL ? {} : { language: code };
}

function addLessons(files: Map<string, Uint8Array>, release: Release, hints: boolean): void {
  for (const file of notebooksIn(NOTEBOOKS)) {
    const lesson = notebookName(file);
    const notebook = handedOut(readNotebook(file), lesson, release.release, hints);
    if (release.language) translateLesson(notebook, lesson, release.language);
    files.set(`notebooks/${lesson}.ipynb`, Buffer.from(serializeNotebook(notebook)));
    release.cells[lesson] = Object.fromEntries(
      notebook.cells.map((cell) => [cell.id, hashOf(cellSource(cell))]),
    );
  }
  files.set(RELEASE_FILE, Buffer.from(JSON.stringify(release, null, 1) + "\n"));
}

function collect(name: string, files: Map<string, Uint8Array>): void {
  const file = path.join(root, ...name.split("/"));
  const stats = fs.lstatSync(file);
  if (stats.isFile() && !/\.(tsbuildinfo|tmp)$/.test(name)) files.set(name, fs.readFileSync(file));
  if (!stats.isDirectory()) return;
  for (const inner of fs.readdirSync(file).sort()) if (!MADE.has(inner)) collect(`${name}/${inner}`, files);
}

/** Returns a lesson without outputs, and with its release; without the cells of hints if they are not wanted. */
function handedOut(notebook: Notebook, lesson: string, release: string, hints: boolean): Notebook {
  const ids = Object.values(exercises)
    .filter((one) => one.notebook === lesson)
    .map(({ id }) => id);
  if (!areAllUntouched(ids, notebook.cells))
    throw new UsageError(
      `${lesson}.ipynb holds answers: \`npm run solutions -- out\` takes ours out; put your own aside before you hand it out`,
    );
  const { raw } = notebook;
  if (!hints) raw.cells = notebook.cells = notebook.cells.filter((cell) => courseRole(cell) !== "hint");
  for (const cell of notebook.cells)
    if (cell.cell_type === "code") Object.assign(cell, { outputs: [], execution_count: null });
  const metadata = raw.metadata as Record<string, unknown> | undefined;
  raw.metadata = { ...metadata, course: { release } };
  return notebook;
}

/** Returns the README without what is for instructors and developers. */
function learnersReadme(text: string): string {
  const sections = text.split(/^(?=## )/m);
  const kept = sections.filter((section) => !/^## For (instructors|developers)/.test(section));
  return (
    kept
      .join("")
      .replace(/ To read the lessons solved, [^\n]*?\(solutions\)\./, "")
      .trimEnd() + "\n"
  );
}
