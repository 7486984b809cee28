/** What of a lesson is translated: its text cells, comments in code, and its exercises' titles, checks and hints. */
import type { Exercise } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { speaker } from "@course/lib/language";
import {
  cellSource,
  courseRole,
  type Notebook,
  type NotebookCell,
  setCellSource,
} from "@course/lib/notebook";
import ts from "typescript";

/** The English of a lesson. */
export interface LessonTexts {
  /** The text of each text cell, by its id. */
  cells: Record<string, string>;
  /** The hints of each exercise, by its id. */
  hints: Record<string, readonly string[]>;
  /** Titles, names of checks, and comments in the cells that a learner works in. */
  texts: string[];
}

/** Returns what of a lesson is translated. */
export function lessonTexts(notebook: Notebook, lesson: string): LessonTexts {
  const own = (Object.values(exercises) as Exercise[]).filter((exercise) => exercise.notebook === lesson);
  const markdown = notebook.cells.filter(({ cell_type }) => cell_type === "markdown");
  const comments = notebook.cells.filter(hasComments).flatMap((cell) => commentsIn(cellSource(cell)));
  return {
    cells: Object.fromEntries(markdown.map((cell) => [String(cell.id), cellSource(cell)])),
    hints: Object.fromEntries(own.map(({ id, hints }) => [id, hints])),
    texts: [
      ...new Set([
        ...own.flatMap(({ title, checks }) => [title, ...checks.map(({ name }) => name)]),
        ...comments.map(({ text }) => text).filter((text) => !isCode(text)),
      ]),
    ],
  };
}

/** Changes a lesson into another language, in place. What is not translated, or stale, stays English. */
export function translateLesson(notebook: Notebook, lesson: string, language: string): void {
  const voice = speaker(lesson, language);
  for (const cell of notebook.cells) {
    if (cell.cell_type === "markdown") setCellSource(cell, voice.cell(String(cell.id), cellSource(cell)));
    else if (hasComments(cell)) setCellSource(cell, withComments(cellSource(cell), voice.say));
  }
  const metadata = (notebook.raw.metadata ??= {}) as { course?: object };
  metadata.course = { ...metadata.course, language };
}

/** Returns whether the comments of a cell speak to the learner: those of stubs do, and of calls of hints. */
function hasComments(cell: NotebookCell): boolean {
  return ["exercise", "hint"].includes(courseRole(cell) ?? "");
}

interface Comment {
  text: string;
  /** Where the text is in the code. */
  start: number;
}

/** Returns the comments of one line in code, without their marks. */
function commentsIn(code: string): Comment[] {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, false, ts.LanguageVariant.Standard, code);
  const found: Comment[] = [];
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    const isComment =
      token === ts.SyntaxKind.SingleLineCommentTrivia || token === ts.SyntaxKind.MultiLineCommentTrivia;
    const [, before, text] =
      /^(\/\/ ?|\/\*\*? ?)(.*?)(?: ?\*\/)?$/.exec(isComment ? scanner.getTokenText() : "") ?? [];
    if (text) found.push(...split({ text, start: scanner.getTokenStart() + before.length }));
  }
  return found;
}

/** Splits a call that is commented out from a comment of its own: `hint("x"); // run it again`. */
function split({ text, start }: Comment): Comment[] {
  const at = text.indexOf(" // ");
  if (at === -1) return [{ text, start }];
  return [
    { text: text.slice(0, at), start },
    { text: text.slice(at + 4), start: start + at + 4 },
  ];
}

/** Returns whether a comment is code: a call that is commented out. */
function isCode(text: string): boolean {
  return /;$/.test(text);
}

function withComments(code: string, say: (text: string) => string): string {
  const parts = commentsIn(code).filter(({ text }) => !isCode(text));
  return parts.reduceRight(
    (all, { text, start }) => all.slice(0, start) + say(text) + all.slice(start + text.length),
    code,
  );
}
