/** Changes a translation's file, and leaves what the translator wrote in it as it is. */
import fs from "node:fs";
import { hashOfEnglish } from "@course/lib/language";
import { replaceFile } from "@course/lib/util";
import { type Document, isMap, isSeq, parseDocument, Scalar, YAMLMap } from "yaml";
import type { LessonTexts } from "./lesson";

/**
 * Adds what is missing to a translation, with the English as its text, so that a translator finds each at its place.
 * None of it counts as translated before `markDone`.
 */
export function addMissing(file: string, english: LessonTexts, known: (text: string) => boolean): number {
  const document = open(file);
  const before = String(document);
  let added = 0;
  const add = (path: (string | number)[], value: unknown) => {
    document.setIn(path, value);
    added++;
  };
  for (const [id, text] of Object.entries(english.cells))
    if (!document.hasIn(["cells", id])) add(["cells", id], entry(document, text));
  for (const [id, hints] of Object.entries(english.hints)) {
    if (!isSeq(document.getIn(["hints", id]))) document.setIn(["hints", id], document.createNode([]));
    hints.forEach((text, i) => {
      if (!document.hasIn(["hints", id, i])) add(["hints", id, i], entry(document, text));
    });
  }
  for (const text of english.texts)
    if (!known(text) && !document.hasIn(["texts", text])) add(["texts", text], text);
  if (String(document) !== before) save(file, document);
  return added;
}

/** Marks cells and hints as translations of the English as it is now. Returns how many it has marked. */
export function markDone(file: string, english: LessonTexts, isNamed: (id: string) => boolean): number {
  const document = open(file);
  let done = 0;
  const mark = (path: (string | number)[], text: string) => {
    const node = document.getIn(path);
    if (!isMap(node) || node.get("of") === hashOfEnglish(text)) return;
    node.delete("of");
    node.items.unshift(document.createPair("of", quoted(hashOfEnglish(text))));
    done++;
  };
  for (const [id, text] of Object.entries(english.cells)) if (isNamed(id)) mark(["cells", id], text);
  for (const [id, hints] of Object.entries(english.hints))
    if (isNamed(id)) hints.forEach((text, i) => mark(["hints", id, i], text));
  if (done > 0) save(file, document);
  return done;
}

function open(file: string): Document {
  return parseDocument(fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "{}");
}

/** Writes a translation. Lines stay as they are: a diff shows what a translator has changed, and nothing else. */
function save(file: string, document: Document): void {
  if (isMap(document.contents)) document.contents.flow = false;
  replaceFile(file, document.toString({ lineWidth: 0 }));
}

function entry(document: Document, text: string): YAMLMap {
  const map = new YAMLMap();
  const block = new Scalar(`${text}\n`);
  block.type = Scalar.BLOCK_LITERAL;
  map.add(document.createPair("text", block));
  return map;
}

/** Returns a hash in quotes: `12345678` or `1234e567` would be a number otherwise. */
function quoted(hash: string): Scalar {
  const scalar = new Scalar(hash);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}
