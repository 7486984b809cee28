/** What is still English in a message of a check, said in another language. */
import fs from "node:fs";
import { catalogueFile, languages, speaker } from "@course/lib/language";

/** Values, which stay as they are: quoted text, errors that an answer threw, addresses of the web, and code. */
const VALUE = /"(?:[^"\\]|\\.)*"|\w*Error: .*|https?:\S+|\w+\.\w+/g;
/** English words that German does not have. */
const ENGLISH =
  /\b(a|the|of|expected|got|with|without|bytes?|that|is|are|and|or|to|from|at|for|not|no|it|its|which|after|before|when|one|another|first|this|these|by|has|had|have|been|threw|tried)\b/;

/** Returns the lines of a lesson's message that are English in a language that the lesson has been translated to. */
export function untranslated(lesson: string, message: string): string[] {
  const spoken = languages().filter((code) => fs.existsSync(catalogueFile(code, lesson)));
  return spoken
    .flatMap((code) => speaker(lesson, code).say(message).split("\n"))
    .filter((line) => ENGLISH.test(line.replace(VALUE, "")));
}
