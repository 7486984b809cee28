/** How a learner's lessons become files: well, oddly but readable, or damaged. */
import { type Notebook, serializeNotebook } from "@course/lib/notebook";
import { strToU8, zipSync } from "fflate";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { HandedIn } from "./learners";

/** Writes a file of this name where the platform puts it, and returns its path. */
type Place = (name: string) => string;

/** Whether what was handed in can be graded. */
interface Form {
  isReadable: boolean;
  write(lessons: HandedIn[], place: Place): void;
}

const textOf = ({ notebook }: HandedIn): string => serializeNotebook(notebook);
const nameOf = ({ lesson }: HandedIn): string => `${lesson}.ipynb`;

/** Writes each lesson as `change` makes it. */
function each(change: (text: string) => string | Buffer, name = nameOf): Form["write"] {
  return (lessons, place) => {
    for (const lesson of lessons) fs.writeFileSync(place(name(lesson)), change(textOf(lesson)));
  };
}

function zipOf(lessons: HandedIn[]): Uint8Array {
  return zipSync(
    Object.fromEntries(
      lessons.map((lesson) => [`course/notebooks/${nameOf(lesson)}`, strToU8(textOf(lesson))]),
    ),
  );
}

function withoutMetadata(text: string): string {
  const raw = JSON.parse(text) as Notebook["raw"];
  for (const cell of raw.cells) cell.metadata = {};
  return JSON.stringify(raw);
}

/** Makes something other than a notebook in the place of each lesson. */
function inPlaceOf(make: (file: string) => void): Form["write"] {
  return (lessons, place) => lessons.forEach((lesson) => make(place(nameOf(lesson))));
}

export const FORMS = {
  saved: { isReadable: true, write: each((text) => text) },
  renamed: {
    isReadable: true,
    write: each(
      (text) => text,
      ({ lesson }) => `Untitled ${Number(lesson.slice(0, 2))}.ipynb`,
    ),
  },
  stripped: { isReadable: true, write: each(withoutMetadata) },
  windows: { isReadable: true, write: each((text) => `\ufeff${text.replaceAll("\n", "\r\n")}`) },
  zipped: {
    isReadable: true,
    write: (lessons, place) => fs.writeFileSync(place("course.zip"), zipOf(lessons)),
  },
  cutOff: { isReadable: false, write: each((text) => text.slice(0, text.length / 2)) },
  empty: { isReadable: false, write: each(() => "") },
  conflict: { isReadable: false, write: each((text) => text.replace("\n", "\n<<<<<<< HEAD\n")) },
  link: { isReadable: false, write: inPlaceOf((file) => fs.symlinkSync(path.resolve("/etc/passwd"), file)) },
  pipe: { isReadable: false, write: inPlaceOf((file) => void execFileSync("mkfifo", [file])) },
  huge: {
    isReadable: false,
    write: inPlaceOf((file) => {
      fs.writeFileSync(file, "");
      fs.truncateSync(file, 5e9); // takes no space on disk
    }),
  },
  nestedZip: {
    isReadable: false,
    write: (lessons, place) => fs.writeFileSync(place("all.zip"), zipSync({ "course.zip": zipOf(lessons) })),
  },
  zipSlip: {
    isReadable: false,
    write: (lessons, place) => {
      const evil = Object.fromEntries(
        lessons.map((lesson) => [`../../${nameOf(lesson)}`, strToU8(textOf(lesson))]),
      );
      fs.writeFileSync(place("course.zip"), zipSync(evil));
    },
  },
  zipBomb: {
    isReadable: false,
    write: (lessons, place) =>
      fs.writeFileSync(place("course.zip"), zipSync({ [nameOf(lessons[0])]: new Uint8Array(50e6) })),
  },
  zipLink: {
    isReadable: false,
    write: (lessons, place) => {
      const link = [strToU8("/etc/passwd"), { os: 3, attrs: (0o120777 << 16) >>> 0 }] as const;
      const links = Object.fromEntries(
        lessons.map((lesson) => [nameOf(lesson), [...link]]),
      ) as unknown as Parameters<typeof zipSync>[0];
      fs.writeFileSync(place("course.zip"), zipSync(links));
    },
  },
  noZip: {
    isReadable: false,
    write: (_lessons, place) => fs.writeFileSync(place("course.zip"), "PK, but no more"),
  },
} satisfies Record<string, Form>;

export type FormName = keyof typeof FORMS;
