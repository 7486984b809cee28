/** Puts files where learning platforms put them, and makes the gradebooks that they export. */
import fs from "node:fs";
import path from "node:path";

export interface SampleLearner {
  /** From 0. */
  index: number;
  /** `Ann Smith`. */
  name: string;
  login: string;
  isLate: boolean;
}

interface SamplePlatform {
  /** Returns the path of a file that a learner handed in, from the top. */
  place(learner: SampleLearner, file: string): string;
  /** Returns the name by which the grader has to know the learner. */
  nameOf(learner: SampleLearner): string;
  /** Returns what the platform adds: its gradebook beside the submissions, its metadata among them. */
  extras?(learners: SampleLearner[], lessons: string[]): Record<string, string>;
}

const squashed = ({ name }: SampleLearner): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
const folderOf = ({ name }: SampleLearner): string => name.replaceAll(/[/\\:*?"<>|]/g, "_");
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
/** Returns a learner's number: platforms number users and participants from somewhere. */
const idOf = ({ index }: SampleLearner): number => 340_000 + index;

export const PLATFORMS = {
  canvas: {
    place: (learner, file) =>
      `submissions/${squashed(learner)}_${learner.isLate ? "LATE_" : ""}${idOf(learner)}_${900_000 + learner.index}_${file}`,
    nameOf: squashed,
    extras: (learners, lessons) => ({
      "gradebook.csv": [
        [
          "Student",
          "ID",
          "SIS User ID",
          "SIS Login ID",
          "Section",
          ...lessons.map((lesson, i) => `${lesson} (${70 + i})`),
          "Final Score",
        ].join(","),
        `    Points Possible,,,,,${lessons.map(() => "").join(",")},(read only)`,
        ...learners.map((one) =>
          [quoted(one.name), idOf(one), "", one.login, "One", ...lessons.map(() => ""), ""].join(","),
        ),
        "",
      ].join("\n"),
    }),
  },
  moodle: {
    place: (learner, file) =>
      `submissions/${folderOf(learner)}_${idOf(learner)}_assignsubmission_file_/${file}`,
    nameOf: folderOf,
    extras: (learners) => ({
      "gradebook.csv": [
        'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Last modified (grade)","Feedback comments"',
        ...learners.map(
          (one) => `"Participant ${idOf(one)}",${quoted(one.name)},${one.login}@example.org,Submitted,,,-,`,
        ),
        "",
      ].join("\r\n"),
    }),
  },
  gradescope: {
    place: (learner, file) => `submissions/assignment_1_export/submission_${idOf(learner)}/${file}`,
    nameOf: ({ name }) => name,
    extras: (learners) => ({
      "submissions/assignment_1_export/submission_metadata.yml": [
        "---",
        ...learners.map(
          (one) =>
            `submission_${idOf(one)}:\n  :submitters:\n  - :name: ${JSON.stringify(one.name)}\n    :sid: "${idOf(one)}"\n    :email: ${one.login}@example.org`,
        ),
        "",
      ].join("\n"),
    }),
  },
  github: {
    place: ({ login }, file) => `submissions/spring-crawling-bitcoin-${login}/notebooks/${file}`,
    nameOf: ({ login }) => login,
  },
  nbgrader: {
    place: ({ login }, file) => `submissions/submitted/${login}/crawl/${file}`,
    nameOf: ({ login }) => login,
  },
  plain: { place: ({ login }, file) => `submissions/${login}/${file}`, nameOf: ({ login }) => login },
} satisfies Record<string, SamplePlatform>;

export type PlatformName = keyof typeof PLATFORMS;

/** Returns the path for a learner's file below `folder`, and makes the folders above it. */
export function placeIn(
  folder: string,
  platform: PlatformName,
  learner: SampleLearner,
): (file: string) => string {
  return (file) => {
    const at = path.join(folder, PLATFORMS[platform].place(learner, file));
    fs.mkdirSync(path.dirname(at), { recursive: true });
    return at;
  };
}
