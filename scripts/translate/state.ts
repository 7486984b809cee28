/** How far a translation is: what is missing, stale or of no use. */
import fs from "node:fs";
import {
  type Catalogue,
  catalogueFile,
  catalogueOf,
  COMMON,
  hashOfEnglish,
  languages,
  type Translated,
} from "@course/lib/language";
import { readNotebook } from "@course/lib/notebook";
import { notebookName, NOTEBOOKS, notebooksIn, shown } from "../notebooks/files";
import { type LessonTexts, lessonTexts } from "./lesson";

/** A text that is not up to date. */
export interface Gap {
  /** `cell api-title`, `hint 2 of getNodes`, or the English of a short text. */
  name: string;
  kind: "missing" | "not marked as done" | "stale" | "of no use";
}

/** Returns the gaps of a lesson's translation. */
export function gapsOf(english: LessonTexts, catalogue: Catalogue, common?: Catalogue): Gap[] {
  const gap = (name: string, text: string, translated?: Translated): Gap[] => {
    if (!translated) return [{ name, kind: "missing" }];
    if (translated.of === undefined) return [{ name, kind: "not marked as done" }];
    return translated.of === hashOfEnglish(text) ? [] : [{ name, kind: "stale" }];
  };
  const cells = Object.entries(english.cells).flatMap(([id, text]) =>
    gap(`cell ${id}`, text, catalogue.cells[id]),
  );
  const hints = Object.entries(english.hints).flatMap(([id, texts]) =>
    texts.flatMap((text, i) => gap(`hint ${i + 1} of ${id}`, text, catalogue.hints[id]?.[i])),
  );
  const known = { ...common?.texts, ...catalogue.texts };
  const texts = english.texts
    .filter((text) => known[text] === undefined)
    .map((text): Gap => ({ name: `"${text}"`, kind: "missing" }));
  const left = [
    ...Object.keys(catalogue.cells)
      .filter((id) => !(id in english.cells))
      .map((id) => `cell ${id}`),
    ...Object.keys(catalogue.hints)
      .filter((id) => !(id in english.hints))
      .map((id) => `hints of ${id}`),
    ...Object.keys(catalogue.texts)
      .filter((text) => !english.texts.includes(text))
      .map((text) => `"${text}"`),
  ];
  return [...cells, ...hints, ...texts, ...left.map((name): Gap => ({ name, kind: "of no use" }))];
}

/** A lesson in a language. */
interface LessonState {
  lesson: string;
  /** The file of the translation, which may not be there yet. */
  file: string;
  english: LessonTexts;
  gaps: Gap[];
}

/**
 * Returns the gaps of all lessons that have a translation, and of those named.
 *
 * @throws Error that names the file, if one cannot be read.
 */
export function translationState(language: string, named: readonly string[] = []): LessonState[] {
  const common = catalogueOf(language, COMMON);
  return notebooksIn(NOTEBOOKS).flatMap((file) => {
    const lesson = notebookName(file);
    const translation = catalogueFile(language, lesson);
    if (!fs.existsSync(translation) && !named.includes(lesson)) return [];
    const english = lessonTexts(readNotebook(file), lesson);
    const gaps = gapsOf(english, catalogueOf(language, lesson), common);
    return [{ lesson, file: translation, english, gaps }];
  });
}

/** Returns what lint says of all translations: what has to be put right, and what waits for a translator. */
export function translationFindings(): { problems: string[]; notes: string[] } {
  const problems: string[] = [];
  const notes: string[] = [];
  for (const language of languages()) {
    try {
      for (const { file, gaps } of translationState(language))
        notes.push(...gaps.map(({ name, kind }) => `${shown(file)}: ${name} is ${kind}`));
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  return { problems, notes };
}
