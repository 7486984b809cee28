/**
 * A lesson's translation: one YAML file for each language and lesson, `de/03-bitnodes-api.yaml`, and `de/common.yaml`
 * for what all lessons say.
 *
 *  - `cells`: the Markdown of the notebook's text cells, by the cell's id
 *  - `hints`: those of the exercises, by the exercise's id
 *  - `texts`: titles, names of checks, comments in code, whole sentences; the English text is the key
 *  - `messages`: the same for sentences with something in them (templates.ts)
 *
 * A cell or a hint has in `of` a hash of the English that it translates. When the English changes, the hash is not its
 * own any more, and `npm run lint` lists it as stale; a text whose English changes has no key any more.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { folderOf } from "./language";
import { type Template, templateOf } from "./templates";

/** A translated text, and the hash of the English that it was made from. */
export interface Translated {
  of?: string;
  text: string;
}

export interface Catalogue {
  cells: Record<string, Translated>;
  hints: Record<string, Translated[]>;
  texts: Record<string, string>;
  messages: Template[];
}

/** The name of the file that holds what all lessons say. */
export const COMMON = "common";

/** Returns the hash of an English text, as short as a translator can compare. */
export function hashOfEnglish(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** Returns the file of a translation. */
export function catalogueFile(language: string, lesson: string): string {
  return path.join(folderOf(language), `${lesson}.yaml`);
}

const read = new Map<string, Catalogue>();

/**
 * Returns the translation of a lesson, which is empty if there is no file.
 *
 * @throws Error that names the file and the place, if it is not what it should be.
 */
export function catalogueOf(language: string, lesson: string): Catalogue {
  const file = catalogueFile(language, lesson);
  let catalogue = read.get(file);
  if (!catalogue)
    read.set(
      file,
      (catalogue = fs.existsSync(file) ? parseCatalogue(fs.readFileSync(file, "utf8"), file) : EMPTY),
    );
  return catalogue;
}

const EMPTY: Catalogue = { cells: {}, hints: {}, texts: {}, messages: [] };

/** Parses the text of a catalogue. Throws an Error that names `file`. */
export function parseCatalogue(text: string, file: string): Catalogue {
  let given: Record<string, unknown>;
  try {
    given = (parse(text) ?? {}) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${path.basename(file)} is not YAML: ${(error as Error).message}`);
  }
  const section = (name: string) => (given[name] ?? {}) as Record<string, unknown>;
  const wrong = Object.keys(given).find((name) => !(name in EMPTY));
  if (wrong)
    throw new Error(`${path.basename(file)}: expected ${Object.keys(EMPTY).join(", ")}, got ${wrong}`);
  const isText = (value: unknown): value is string => typeof value === "string";
  const requireText = (where: string, value: unknown): string => {
    if (isText(value)) return value;
    throw new Error(`${path.basename(file)}, ${where}: expected a text, got ${JSON.stringify(value)}`);
  };
  const translated = (where: string, value: unknown): Translated => {
    const { of, text } = (value ?? {}) as Partial<Translated>;
    return { ...(of !== undefined && { of: String(of) }), text: requireText(where, text).trimEnd() };
  };
  return {
    cells: map(section("cells"), translated),
    hints: map(section("hints"), (id, list) => {
      if (!Array.isArray(list)) throw new Error(`${path.basename(file)}, ${id}: expected a list of hints`);
      return list.map((hint, i) => translated(`${id}, hint ${i + 1}`, hint));
    }),
    texts: map(section("texts"), requireText),
    messages: Object.values(map(section("messages"), (from, to) => templateOf(from, requireText(from, to)))),
  };
}

function map<From, To>(
  entries: Record<string, From>,
  convert: (key: string, value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, convert(key, value)]));
}
