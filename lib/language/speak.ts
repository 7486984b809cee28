/** Says what a learner reads in the language of the course: see language.ts. English passes as it is. */
import { catalogueOf, COMMON, hashOfEnglish, type Translated } from "./catalogue";
import { language, ORIGINAL } from "./language";
import { translate } from "./templates";

/** Says texts of one lesson in one language. */
export interface Speaker {
  /** Says a title, the name of a check, a message: each of its lines by itself. */
  say(text: string): string;
  /** Says a hint of an exercise, counted from 0. */
  hint(exercise: string, index: number, english: string): string;
  /** Says the text of a cell. */
  cell(id: string, english: string): string;
}

const ENGLISH: Speaker = {
  say: (text) => text,
  hint: (_exercise, _index, english) => english,
  cell: (_id, english) => english,
};

/** Returns the speaker for a lesson; without one, for what all lessons say. */
export function speaker(lesson: string = COMMON, code: string = language()): Speaker {
  if (code === ORIGINAL) return ENGLISH;
  const own = catalogueOf(code, lesson);
  const common = catalogueOf(code, COMMON);
  const texts = (text: string) => entry(own.texts, text) ?? entry(common.texts, text);
  const templates = [...own.messages, ...common.messages];
  return {
    say: (text) =>
      text
        .split("\n")
        .map((line) => translate(line, texts, templates))
        .join("\n"),
    hint: (exercise, index, english) => current(own.hints[exercise]?.[index], english),
    cell: (id, english) => current(own.cells[id], english),
  };
}

/** Returns a translation if it is one of this English; else the English, which is right at least. */
function current(translated: Translated | undefined, english: string): string {
  return translated?.of === hashOfEnglish(english) ? translated.text : english;
}

function entry(texts: Record<string, string>, text: string): string | undefined {
  return Object.hasOwn(texts, text) ? texts[text] : undefined;
}
