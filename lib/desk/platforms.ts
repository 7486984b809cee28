/**
 * Recognises how learning platforms name what they give: the learner is in the path, each platform in its own
 * way.
 *
 * - Canvas: `smithbob_LATE_340934_208490284_04-calling-all-nodes-1.ipynb` (user, then submission; `-1` is the
 *   second attempt)
 * - Moodle: `Jonathan Hoyte_657737_assignsubmission_file_/…` (the number is the participant)
 * - Gradescope: `submission_123/…`, and `submission_metadata.yml` that says whose
 * - nbgrader: `submitted/<student>/<assignment>/…`
 * - GitHub: `<classroom>-<assignment>-<user>/…`
 */
import path from "node:path";

/** What a gradebook may know a learner by. */
export interface LearnerIds {
  canvas?: string;
  /** Moodle's participant. */
  participant?: string;
  sid?: string;
  email?: string;
  login?: string;
}

/** Whose a file is. */
export interface Owner {
  learner: string;
  ids: LearnerIds;
  /** What was handed in: the folder, or the file's path without the number of the attempt. */
  source: string;
  /** The file's path in what was handed in, without what the platform adds to its name. */
  inner: string;
  isLate: boolean;
  /** Which attempt this is, from 0. */
  attempt: number;
}

export interface Platform {
  name: string;
  /** Returns whose a file is; several for work in groups, none if it is nobody's. */
  ownersOf(path: string): Owner[];
}

/** Who handed in a folder of Gradescope, by the folder's name. */
export type Submitters = Record<string, { learner: string; ids: LearnerIds }[]>;

interface Given {
  /** The paths of all files, from the top. */
  paths: string[];
  /** The name of the folder itself. */
  folder: string;
  lessons: string[];
  submitters?: Submitters;
}

const MOODLE = /^(.+)_(\d+)_assignsubmission_(?:file|onlinetext)_?(.*)$/;
const CANVAS = /^(.+?)_(LATE_)?(\d{2,})_(\d{2,})_(.+)$/i;

/** Returns the platform that a folder is from: "plain folders" if it is from none that is known. */
export function recognise(given: Given): Platform {
  const { paths } = given;
  const tops = [...new Set(paths.map((path) => path.split("/")[0]))];
  const wrapper = tops.length === 1 && paths.every((path) => path.includes("/")) ? tops[0] : undefined;
  if (given.submitters) return gradescope(given.submitters);
  const nbgraderAt = paths[0]?.split("/").indexOf("submitted") ?? -1;
  if (nbgraderAt >= 0 && paths.every((path) => path.split("/")[nbgraderAt] === "submitted"))
    return nbgrader(nbgraderAt + 1);
  if (given.folder === "submitted" && paths.every((path) => path.split("/").length > 2)) return nbgrader(0);
  if (most(tops, MOODLE)) return moodle;
  const files = tops.filter((top) => paths.includes(top));
  if (files.length > 0 && most(files, CANVAS)) return canvas;
  if (wrapper !== undefined && isWrapper(given, wrapper)) return within(wrapper, given);
  return github(given, tops) ?? plain(given);
}

function most(names: string[], pattern: RegExp): boolean {
  return names.length > 0 && 2 * names.filter((name) => pattern.test(name)).length >= names.length;
}

/** Returns whether a single folder only holds the folders of learners: `submissions/ann/…`. */
function isWrapper({ paths, lessons }: Given, wrapper: string): boolean {
  if (MOODLE.test(wrapper)) return false;
  const inner = paths.map((path) => path.slice(wrapper.length + 1));
  const tops = [...new Set(inner.map((path) => path.split("/")[0]))];
  if (most(tops, MOODLE) || most(tops, CANVAS)) return true;
  return tops.length > 1 && !inner.some((path) => isLessonFile(path, lessons)) && !tops.includes("notebooks");
}

function isLessonFile(file: string, lessons: string[]): boolean {
  return !file.includes("/") && lessons.includes(path.basename(file, ".ipynb"));
}

function within(wrapper: string, given: Given): Platform {
  const cut = (path: string): string => path.slice(wrapper.length + 1);
  const inner = recognise({ ...given, folder: wrapper, paths: given.paths.map(cut) });
  return {
    name: inner.name,
    ownersOf: (path) =>
      inner.ownersOf(cut(path)).map((owner) => ({ ...owner, source: `${wrapper}/${owner.source}` })),
  };
}

const canvas: Platform = {
  name: "Canvas",
  ownersOf(file) {
    const [, name, late, user, , rest] = CANVAS.exec(file) ?? [];
    if (name === undefined) return [];
    const [, stem, attempt, extension] = /^(.*?)(?:-(\d{1,2}))?(\.\w+)$/.exec(rest) ?? [
      ,
      rest,
      undefined,
      "",
    ];
    const inner = `${stem}${extension}`;
    return [
      {
        learner: name,
        ids: { canvas: user },
        source: file,
        inner,
        isLate: Boolean(late),
        attempt: Number(attempt ?? 0),
      },
    ];
  },
};

const moodle: Platform = {
  name: "Moodle",
  ownersOf(file) {
    const [top, ...rest] = file.split("/");
    const [, learner, participant, name] = MOODLE.exec(top) ?? [];
    if (learner === undefined) return [];
    return [owner(learner, rest.length > 0 ? top : file, rest.join("/") || name, { participant })];
  },
};

function gradescope(submitters: Submitters): Platform {
  return {
    name: "Gradescope",
    ownersOf(file) {
      const parts = file.split("/");
      const at = parts.findIndex((part) => Object.hasOwn(submitters, part));
      if (at < 0) return [];
      const [source, inner] = [parts.slice(0, at + 1).join("/"), parts.slice(at + 1).join("/")];
      return submitters[parts[at]].map(({ learner, ids }) => owner(learner, source, inner, ids));
    },
  };
}

/** Returns nbgrader: the learner's folder is part number `at` of a path, the assignment's the next. */
function nbgrader(at: number): Platform {
  return {
    name: "nbgrader",
    ownersOf(file) {
      const parts = file.split("/");
      if (parts.length < at + 3) return [];
      const source = parts.slice(0, at + 1).join("/");
      return [owner(parts[at], source, parts.slice(at + 1).join("/"), { login: parts[at] })];
    },
  };
}

/**
 * Returns GitHub, if these are folders of its classrooms: they begin all alike, with dashes, and end with the user,
 * `class-lesson-ann`.
 */
function github({ paths }: Given, tops: string[]): Platform | undefined {
  if (tops.length < 2 || paths.some((path) => !path.includes("/"))) return undefined;
  let same = 0;
  while (tops.every((top) => same < top.length && top[same] === tops[0][same])) same++;
  const prefix = tops[0].slice(0, tops[0].lastIndexOf("-", same - 1) + 1);
  if (!/-.*-$/.test(prefix)) return undefined;
  return {
    name: "GitHub",
    ownersOf(file) {
      const [top, ...rest] = file.split("/");
      const login = top.slice(prefix.length);
      return [owner(login, top, rest.join("/"), { login })];
    },
  };
}

function plain({ folder, lessons, paths }: Given): Platform {
  const isOwnCopy = paths.some((file) => isLessonFile(file, lessons) || file.startsWith("notebooks/"));
  return {
    name: "plain folders",
    ownersOf(file) {
      if (isOwnCopy) return [owner(folder, ".", file)];
      const [top, ...rest] = file.split("/");
      if (rest.length > 0) return [owner(top, top, rest.join("/"), { login: top })];
      const stem = path.parse(file).name;
      const lesson = lessons.find((name) => stem.includes(name));
      const name = (lesson === undefined ? stem : stem.replace(lesson, "")).replace(
        /^[\s_.-]+|[\s_.-]+$/g,
        "",
      );
      return [owner(name || stem, file, file, { login: name || stem })];
    },
  };
}

function owner(learner: string, source: string, inner: string, ids: LearnerIds = {}): Owner {
  return { learner, ids, source, inner, isLate: false, attempt: 0 };
}
