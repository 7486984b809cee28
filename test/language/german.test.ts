/** German, as the proof that a lesson can be in another language: its files, what check() says, and the notebooks. */
import fs from "node:fs";
import path from "node:path";
import {
  catalogueFile,
  catalogueOf,
  COMMON,
  folderOf,
  hashOfEnglish,
  language,
  languages,
  parseCatalogue,
  speaker,
} from "@course/lib/language";
import { cellSource, check, hint, type Notebook, readNotebook, setCellSource } from "@course/lib/notebook";
import ts from "typescript";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { notebookName, NOTEBOOKS, notebooksIn } from "../../scripts/notebooks/files";
import { markDone } from "../../scripts/translate/edit";
import { lessonTexts, translateLesson } from "../../scripts/translate/lesson";
import { gapsOf, translationState } from "../../scripts/translate/state";
import { remove, temporaryFolder } from "../helpers/course";
import { catchPrinted, plainText } from "../helpers/printed";

const TRANSLATED = ["00-welcome", "01-message-envelope", "02-version-message", "03-bitnodes-api", "04-calling-all-nodes"]; // prettier-ignore

const printed = catchPrinted();
afterEach(() => void vi.unstubAllEnvs());

/** Makes a folder, which is gone when the test is over. */
async function emptyFolder(): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => remove(folder));
  return folder;
}

const lesson = (name: string): Notebook => readNotebook(path.join(NOTEBOOKS, `${name}.ipynb`));

test("the language is that of COURSE_LANGUAGE, or of the handout, if there is a translation", async () => {
  const folder = await emptyFolder();
  const release = path.join(folder, "release.json");
  vi.stubEnv("COURSE_LANGUAGE", "");
  expect(language(release)).toBe("en");
  fs.writeFileSync(release, JSON.stringify({ language: "de" }));
  expect(language(release)).toBe("de");
  vi.stubEnv("COURSE_LANGUAGE", "../..");
  expect(language(release)).toBe("en");
  expect(languages()).toContain("de");
});

test("check() says names of checks, verdicts and messages in German", async () => {
  vi.stubEnv("COURSE_LANGUAGE", "de");
  await check("greeting", (name: string) => `Hello, ${name.slice(1, -1)}!`);
  expect(plainText(printed).split("\n")).toEqual([
    "✗ greeting: 2 von 3 Prüfungen bestanden.",
    "  ✓ Der Name wird ohne die Schrägstriche um ihn herum gegrüßt",
    "  ✓ Ein Schrägstrich in der Mitte bleibt",
    "  ✗ Ein Knoten ohne Namen ist ein Fremder („stranger“)",
    '      greeting(""): erwartet war "Hello, stranger!", gekommen ist "Hello, !"',
    'Kommst du nicht weiter? hint("greeting") hat drei Tipps.',
  ]);
});

test.each([
  ["greeting threw Error: expected 1, got 2", "greeting hat einen Fehler geworfen: Error: expected 1, got 2"],
  [
    "expected an error for the magic 0b110907, got undefined",
    "beim Magic 0b110907: erwartet war ein Fehler, gekommen ist undefined",
  ],
  [
    "bytes 24 to 25, port (208d): expected 8333, got 36128",
    "Bytes 24 bis 25, Port (208d): erwartet war 8333, gekommen ist 36128",
  ],
  [
    'the port of "a:1": expected the number 1, got the text "1"',
    'der Port von "a:1": erwartet war die Zahl 1, gekommen ist der Text "1"',
  ],
  [
    "x: expected 2 entries, got 1; the first missing is 4",
    "x: erwartet waren 2 Einträge, gekommen sind 1; der erste, der fehlt, ist 4",
  ],
  [
    "when the peer hangs up at once: expected an error, got undefined",
    "wenn der Peer sofort auflegt: erwartet war ein Fehler, gekommen ist undefined",
  ],
  ['tried with greeting("/a/")', 'ausprobiert: greeting("/a/")'],
  [
    "serviceNames never finished: it was stopped after 5 s; is there an endless loop?",
    "serviceNames wurde nicht fertig: Es wurde nach 5 s angehalten; ist eine Endlosschleife darin?",
  ],
  [
    "checksum uses sha256 of cell 7, which failed: Error: no",
    "checksum benutzt sha256 aus Zelle 7, die gescheitert ist: Error: no",
  ],
  // These were half English: a template that fits more than it is meant for came first.
  [
    "expected a request for http://x.test/, got none: the function threw Error: no",
    "erwartet war eine Anfrage nach http://x.test/, gekommen ist keine: Die Funktion hat einen Fehler geworfen: Error: no",
  ],
  [
    "from btcd: expected a VersionMessage, got undefined",
    "von btcd: erwartet war eine VersionMessage, gekommen ist undefined",
  ],
  [
    'tried with serializePacket("version", 3 bytes: 010203, a view that begins at byte 4 of its buffer)',
    'ausprobiert: serializePacket("version", 3 Bytes: 010203, eine View, die bei Byte 4 ihres Buffers beginnt)',
  ],
  [
    "tried with a version message of an old node, without relay, 3 bytes: 010203",
    "ausprobiert: eine version-Nachricht eines alten Knotens, ohne relay, 3 Bytes: 010203",
  ],
])("a message of a check, %j, is said in German", (english, german) => {
  // prettier-ignore
  expect(speaker("04-calling-all-nodes", "de").say(english)).toBe(german);
});

test("hint() gives its hints in German, and those of lessons that are not translated in English", () => {
  vi.stubEnv("COURSE_LANGUAGE", "de");
  hint("getNodes", 1);
  hint("waitingShare", 1);
  expect(printed[0]).toMatch(/^\*\*Tipp 1 von 3\.\*\* Du hast eine Funktion, die den ganzen Snapshot holt/);
  expect(printed[1]).toMatch(/^\*\*Tipp 1 von 3\.\*\* [A-Z]/);
});

test.each(TRANSLATED)("the German %s has the code of the English one", (name) => {
  const [english, german] = [lesson(name), lesson(name)];
  translateLesson(german, name, "de");
  const code = ({ cells }: Notebook) =>
    cells.filter(({ cell_type }) => cell_type === "code").map((cell) => withoutComments(cellSource(cell)));
  expect(code(german)).toEqual(code(english));
  expect(german.cells.map(({ id, metadata }) => [id, metadata])).toEqual(
    english.cells.map(({ id, metadata }) => [id, metadata]),
  );
  const source = ({ cells }: Notebook) => cells.map(cellSource).join("\n");
  expect(source(german)).not.toBe(source(english));
  // Links, pictures and code in the text are those of the English.
  const marks = (notebook: Notebook) => source(notebook).match(/\]\([^)]+\)|^```\w*$|^#+ /gm);
  expect(marks(german)).toEqual(marks(english));
  expect(german.raw.metadata).toMatchObject({ course: { language: "de" } });
});

function withoutComments(code: string): string {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, true, ts.LanguageVariant.Standard, code);
  let tokens = "";
  while (scanner.scan() !== ts.SyntaxKind.EndOfFileToken) tokens += `${scanner.getTokenText()} `;
  return tokens;
}

test("every translation can be read, and is one of lessons that are there", () => {
  const lessons = notebooksIn(NOTEBOOKS).map(notebookName);
  for (const code of languages()) {
    const files = fs.readdirSync(folderOf(code)).map((name) => name.replace(/\.yaml$/, ""));
    expect(files.filter((name) => name !== COMMON && !lessons.includes(name))).toEqual([]);
    expect(translationState(code).length).toBe(files.length - 1);
  }
});

test("a cell whose English has changed is stale, stays English, and is German again when it is marked as done", async () => {
  const notebook = lesson("00-welcome");
  const cell = notebook.cells[0];
  setCellSource(cell, `${cellSource(cell)}\n\nOne sentence more.`);
  const english = lessonTexts(notebook, "00-welcome");
  const copy = path.join(await emptyFolder(), "00-welcome.yaml");
  fs.copyFileSync(catalogueFile("de", "00-welcome"), copy);
  const lines = fs.readFileSync(copy, "utf8").split("\n");
  const gaps = () =>
    gapsOf(english, parseCatalogue(fs.readFileSync(copy, "utf8"), copy), catalogueOf("de", COMMON));
  const before = gaps().filter(({ name }) => name === "cell welcome-title");
  expect(before).toMatchObject([{ kind: "stale" }]);
  translateLesson(notebook, "00-welcome", "de");
  expect(cellSource(cell)).toContain("One sentence more.");

  expect(markDone(copy, english, (id) => id === "welcome-title")).toBe(1);
  expect(gaps().filter(({ name }) => name === "cell welcome-title")).toEqual([]);
  const changed = fs
    .readFileSync(copy, "utf8")
    .split("\n")
    .filter((line, i) => line !== lines[i]);
  expect(changed).toEqual([`    of: "${hashOfEnglish(english.cells["welcome-title"])}"`]);
});

test("a catalogue that is not what it should be is refused by its name and place", () => {
  expect(() => parseCatalogue("cells: [", "a.yaml")).toThrow("a.yaml is not YAML");
  expect(() => parseCatalogue("words: {}", "a.yaml")).toThrow(
    "a.yaml: expected cells, hints, texts, messages, got words",
  );
  expect(() => parseCatalogue("texts:\n  yes: 1", "a.yaml")).toThrow("a.yaml, yes: expected a text, got 1");
  expect(() => parseCatalogue("hints:\n  getNodes: x", "a.yaml")).toThrow(
    "a.yaml, getNodes: expected a list of hints",
  );
});
