/** Finds who handed in what: a folder or a zip file from a learning platform becomes a list of submissions. */
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { UsageError } from "../util/usage-error";
import { printable } from "../wire/text";
import { type LearnerIds, type Owner, type Platform, recognise, type Submitters } from "./platforms";
import { readFolder } from "./read-folder";
import { readZip } from "./read-zip";
import { type HandedInFile, shownPath, SubmissionError, type Tree } from "./tree";

/** What one learner handed in. */
export interface Submission {
  /** The learner's name, safe to show. */
  learner: string;
  ids: LearnerIds;
  /** Where it was: the folder or the files, from the top. */
  source: string;
  /** The name of the folder or of the first file, as it is on disk. */
  name: string;
  isLate: boolean;
  /** Whether there are older attempts, which do not count. */
  isResubmitted: boolean;
  /** By the paths that the learner gave them. */
  files: HandedInFile[];
  /** What of it is not read: `ann.ipynb is a link, expected a file`. */
  refused: string[];
}

export interface ClassFolder {
  platform: string;
  /** In the order of their names. */
  submissions: Submission[];
  /** Paths that belong to nobody. */
  strays: string[];
  /** Lets go of the zip file, if it is one. */
  close(): void;
}

/**
 * Reads who handed in what in `given`, a folder or a zip file.
 *
 * @throws UsageError if it does not exist, cannot be read, or nobody's notebook is in it.
 */
export async function readClass(given: string, lessons: string[]): Promise<ClassFolder> {
  const { tree, close } = await openTree(given);
  try {
    const paths = [...tree.files, ...tree.refused].map((file) => file.path);
    const submitters = await readSubmitters(tree);
    const isMetadata = (at: string): boolean => path.posix.basename(at) === METADATA;
    const wanted = paths.filter((at) => !isMetadata(at) && !at.endsWith(".yml"));
    const folder = path.parse(path.resolve(given)).name;
    const platform = recognise({ paths: wanted, folder, lessons, submitters });
    const { submissions, strays } = group(tree, platform, wanted);
    if (submissions.length === 0)
      throw new UsageError(
        `there is nothing to grade in ${given}: expected notebooks (.ipynb) or zip files, in a folder for each learner or as Canvas, Moodle, Gradescope, GitHub or nbgrader give them`,
      );
    return { platform: platform.name, submissions, strays, close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Reads a folder, all of which one learner handed in.
 *
 * Nothing in it is nobody's, and a folder without a notebook is a submission without one.
 *
 * @throws UsageError if there is no such folder, or it cannot be read.
 */
export async function readLearner(given: string, learner: string): Promise<ClassFolder> {
  const { tree, close } = await openTree(given);
  const submission: Submission = {
    learner: printable(learner),
    ids: {},
    source: shownPath(path.basename(given)),
    name: path.basename(given),
    isLate: false,
    isResubmitted: false,
    files: tree.files,
    refused: tree.refused.map(({ path: at, reason }) => `${shownPath(at)} ${reason}`),
  };
  return { platform: "One learner", submissions: [submission], strays: tree.outside, close };
}

async function openTree(given: string): Promise<{ tree: Tree; close: () => void }> {
  const stats = fs.statSync(given, { throwIfNoEntry: false });
  if (!stats) throw new UsageError(`there is no folder or zip file ${given} with submissions`);
  try {
    if (stats.isDirectory()) return { tree: readFolder(given), close: () => {} };
    if (!stats.isFile()) throw new SubmissionError("is neither a folder nor a file");
    const zip = await readZip(given, Infinity);
    return { tree: zip, close: zip.close };
  } catch (error) {
    if (!(error instanceof SubmissionError)) throw error;
    throw new UsageError(`${given} ${error.message}: expected a folder or a zip file with submissions`);
  }
}

const METADATA = "submission_metadata.yml";

/** Reads Gradescope's list of who handed in which folder, if there is one. */
async function readSubmitters(tree: Tree): Promise<Submitters | undefined> {
  const file = tree.files.find(
    ({ path: at }) => path.posix.basename(at) === METADATA && at.split("/").length <= 2,
  );
  if (!file) return undefined;
  let list: unknown;
  try {
    list = parse((await file.read()).toString("utf8"), { maxAliasCount: 0 });
  } catch (error) {
    throw new UsageError(
      `${file.path} cannot be read: ${printable((error as Error).message.split("\n")[0])}`,
    );
  }
  const folders = Object.entries(
    (list ?? {}) as Record<string, { ":submitters"?: Record<string, unknown>[] } | null>,
  );
  return Object.fromEntries(
    folders.map(([folder, about]) => {
      const people = Array.isArray(about?.[":submitters"]) ? about[":submitters"] : [];
      return [folder, people.map((person) => submitter(person ?? {}))];
    }),
  );
}

function submitter(person: Record<string, unknown>): { learner: string; ids: LearnerIds } {
  const text = (key: string): string | undefined =>
    person[key] === undefined || person[key] === null ? undefined : String(person[key]);
  const [sid, email] = [text(":sid"), text(":email")];
  return { learner: text(":name") ?? email ?? sid ?? "somebody", ids: { sid, email } };
}

function group(
  tree: Tree,
  platform: Platform,
  wanted: string[],
): Pick<ClassFolder, "submissions" | "strays"> {
  const groups = new Map<string, { owner: Owner; file?: HandedInFile; reason?: string }[]>();
  const strays = [...tree.outside];
  const files = new Map(tree.files.map((file) => [file.path, file]));
  const reasons = new Map(tree.refused.map(({ path: at, reason }) => [at, reason]));
  for (const at of wanted) {
    const owners = platform.ownersOf(at);
    if (owners.length === 0) strays.push(shownPath(at));
    for (const owner of owners) {
      const key = owner.ids.canvas ?? `${owner.source}\n${owner.learner}`;
      groups.set(key, [...(groups.get(key) ?? []), { owner, file: files.get(at), reason: reasons.get(at) }]);
    }
  }
  const submissions = [...groups.values()].map((all) => toSubmission(all));
  return {
    submissions: submissions.sort((a, b) => a.learner.localeCompare(b.learner, "en", { numeric: true })),
    strays,
  };
}

function toSubmission(all: { owner: Owner; file?: HandedInFile; reason?: string }[]): Submission {
  const newest = new Map<string, (typeof all)[number]>();
  for (const one of all) {
    const older = newest.get(one.owner.inner);
    if (!older || older.owner.attempt < one.owner.attempt) newest.set(one.owner.inner, one);
  }
  const counted = [...newest.values()];
  const { learner, ids } = counted[0].owner;
  return {
    learner: printable(learner),
    ids,
    source: [...new Set(counted.map(({ owner }) => shownPath(owner.source)))].join(", "),
    name: path.posix.basename(counted[0].owner.source),
    isLate: counted.some(({ owner }) => owner.isLate),
    isResubmitted: counted.length < all.length,
    files: counted.flatMap(({ owner, file }) => (file ? [{ ...file, path: owner.inner }] : [])),
    refused: counted.flatMap(({ owner, reason }) => (reason ? [`${shownPath(owner.inner)} ${reason}`] : [])),
  };
}

/** Returns in one line what was understood of a folder: who, how many, who was late. */
export function understood({ platform, submissions, strays }: ClassFolder, lessons: string[]): string {
  const late = submissions.filter(({ isLate }) => isLate).length;
  const again = submissions.filter(({ isResubmitted }) => isResubmitted).length;
  const parts = [
    `${submissions.length} ${submissions.length === 1 ? "learner" : "learners"}`,
    ...(late > 0 ? [`${late} late`] : []),
    ...(again > 0 ? [`${again} handed in more than once: the newest counts`] : []),
    ...(strays.length > 0 ? [`${strays.length} files are nobody's (${strays.slice(0, 3).join(", ")})`] : []),
    lessons.length === 1 ? `lesson ${lessons[0]}` : `${lessons.length} lessons`,
  ];
  return `${platform}: ${parts.join("; ")}.`;
}
