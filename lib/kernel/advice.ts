/**
 * What the compiler says of a cell, as a learner can use it: what it says twice is said once, and where its words do
 * not tell what to do, advice does.
 */
import type { Diagnostic } from "tslab/dist/converter";
import type { Cell } from "./kernel";

/** A message of the compiler, its place in a cell (both from 0), and advice if it needs any. */
interface AdvisedDiagnostic extends Pick<Diagnostic, "start" | "fileName"> {
  message: string;
  advice?: string;
}

/** What is around the place that a message is about. */
interface Place {
  /** The text that the message is about. */
  text: string;
  /** The line up to there. */
  before: string;
  /** The cells that were run, the newest last: the one that does not compile. */
  cells: readonly Cell[];
}

type Adviser = (message: string, place: Place) => string | undefined;

/** Returns the messages to show, in their order. The same advice is given once, whichever name it is about. */
export function adviseOn(
  diagnostics: readonly Diagnostic[],
  source: string,
  cells: readonly Cell[],
): AdvisedDiagnostic[] {
  const lines = source.split("\n");
  const given = new Set<string>();
  return withoutEchoes(diagnostics).map(({ start, end, fileName, messageText: message }) => {
    if (fileName !== undefined) return { start, fileName, message };
    const line = lines[start.line] ?? "";
    const before = line.slice(0, start.character);
    const text = line.slice(start.character, end.line === start.line ? end.character : undefined);
    const advice = adviceOn(message, { text, before, cells });
    const withoutName = advice?.replaceAll(text, "");
    if (withoutName === undefined || given.has(withoutName)) return { start, fileName, message };
    given.add(withoutName);
    return { start, fileName, message, advice };
  });
}

/** The second sentence of the message before, which the compiler gives apart. */
const CONTINUATION = / has no call signatures\.$/;
/** What a name that is not found is also called if something of that type would be exported, as all of a cell is. */
const PRIVATE_NAME = /has or is using private name '(\w+)'/;

/** Joins a message that goes on to the one before, and leaves out what says only that a name is not found. */
function withoutEchoes(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const kept: Diagnostic[] = [];
  for (const one of diagnostics) {
    const last = kept.at(-1);
    const isSamePlace = last !== undefined && last.start.offset === one.start.offset;
    if (isSamePlace && PRIVATE_NAME.test(one.messageText) && NO_NAME.test(last.messageText)) continue;
    if (isSamePlace && CONTINUATION.test(one.messageText)) {
      kept[kept.length - 1] = { ...last, messageText: `${last.messageText} ${one.messageText}` };
    } else kept.push(one);
  }
  return kept;
}

function adviceOn(message: string, place: Place): string | undefined {
  for (const advise of ADVISERS) {
    const advice = advise(message, place);
    if (advice !== undefined) return advice;
  }
  return undefined;
}

const NO_NAME = /^Cannot find name '([\w$]+)'/;
const RUN_ABOVE = "Run > Run All Above Selected Cell";

/** A name that the cells so far have not declared. */
const missingName: Adviser = (message, { cells }) => {
  const [, name] = NO_NAME.exec(message) ?? PRIVATE_NAME.exec(message) ?? [];
  if (name === undefined) return undefined;
  const before = cells.slice(0, -1);
  if (before.length === 0) {
    return `This is the first cell that was run since the kernel was started, and a new kernel knows no names: run the cells above it first (${RUN_ABOVE}).`;
  }
  const broken = before.filter(({ source, status }) => status !== "done" && declares(source, name)).at(-1);
  if (broken) {
    return `Cell [${broken.number}] declares ${name}, and has an error itself, or was stopped: see to that one first.`;
  }
  const otherwise = message.includes("Did you mean")
    ? ""
    : " If there is no such cell, is the name misspelled, or not imported?";
  return `The cell that declares ${name} has not run, or has an error itself: see to that one first (${RUN_ABOVE}).${otherwise}`;
};

function declares(source: string, name: string): boolean {
  const asName = name.replaceAll("$", "\\$");
  return new RegExp(
    `\\b(?:function\\*?|class|enum|interface|type|const|let|var)\\s+${asName}\\b|\\b(?:import|const|let|var)\\s*[{[][^}\\]]*\\b${asName}\\b`,
  ).test(source);
}

const LIST_METHODS =
  /^(?:at|concat|entries|every|filter|find|findIndex|findLast|flat|flatMap|forEach|includes|indexOf|join|keys|length|map|pop|push|reduce|reverse|shift|slice|some|sort|splice|unshift|values)$/;

/** Something of a list, asked of what is none: of an object by its keys, of a Map, of a Set, of an iterator. */
const noList: Adviser = (message, { text, before }) => {
  const [, property, type] = /^Property '(\w+)' does not exist on type '(.+)'\.$/.exec(message) ?? [];
  const isCall = /^This expression is not callable\. Type '.+' has no call signatures\.$/.test(message);
  if (/^Type '.+' must have a '\[Symbol\.iterator\]\(\)' method/.test(message)) {
    return objectIsNoList(/^[\w$.]+$/.exec(text)?.[0], "cannot be looped over");
  }
  const wanted = property ?? (isCall ? text : "");
  if (!LIST_METHODS.test(wanted) || isNoObject(type)) return undefined;
  const owner = ownerIn(before);
  const [, collection] = /^(?:Readonly)?(Map|Set)</.exec(type ?? "") ?? [];
  const isIterator = /Iterator|Iterable|^Generator/.test(type ?? "");
  if (!collection && !isIterator) return objectIsNoList(owner, `has no \`${wanted}\``);
  const kind = collection ? `a ${collection}` : "an iterator";
  const list = owner === undefined ? "`Array.from(…)`" : `\`[...${owner}]\``;
  const pairs = collection === "Map" ? ", of its pairs" : "";
  const size = collection ? `, and \`${owner ?? "…"}.size\` says how many entries it has` : "";
  return `${subject(owner)} is ${kind} and no list: ${list} is one${pairs}${size}.`;
};

/** Returns whether a type, in the compiler's words, is a list, a text, a number, a promise, or unknown. */
function isNoObject(type = ""): boolean {
  return /\[\]$|^(?:string|number|bigint|boolean|any|unknown|void|undefined|null|never)$|^["'\d-]|^Promise</.test(
    type,
  );
}

function objectIsNoList(name: string | undefined, lack: string): string {
  const [keys, values, entries] = ["keys", "values", "entries"].map(
    (of) => `\`Object.${of}(${name ?? "…"})\``,
  );
  return `${subject(name)} is an object and no list, so it ${lack}. These are lists: ${keys}, ${values}, and ${entries}, which has pairs of both.`;
}

/** Returns the name before a dot: \`snapshot.nodes\`, or undefined if there is no name. */
function ownerIn(before: string): string | undefined {
  return /(?:^|[^\w$.\])])([A-Za-z_$][\w$.]*)\.$/.exec(before)?.[1];
}

function subject(name: string | undefined): string {
  return name === undefined ? "What stands there" : `\`${name}\``;
}

/** A field of an entry, asked of the list. */
const isList: Adviser = (message, { before }) => {
  const [, property] = /^Property '(\w+)' does not exist on type '.*\[\]'\.$/.exec(message) ?? [];
  if (property === undefined || LIST_METHODS.test(property)) return undefined;
  const owner = ownerIn(before);
  const list = owner ?? "…";
  return `${subject(owner)} is a list. One of its entries has it: \`${list}[0].${property}\`; \`${list}.map((one) => one.${property})\` has those of all.`;
};

/** A key, where the entry was meant. */
const keysOfLoop: Adviser = (message, { before }) =>
  /^Property '\w+' does not exist on type 'string'/.test(message) && /\bfor\s*\(.*\bin\b/.test(before)
    ? "`for … in` goes through the keys, which are text. `for … of` goes through the entries."
    : undefined;

const BIGINT = /^(?:bigint|-?\d+n)$/;
const NUMBER = /^(?:number|-?[\d.]+)$/;

/** A bigint and a number in one calculation, or one in the place of the other. */
const bigints: Adviser = (message) => {
  const types = [...message.matchAll(/'([^']+)'/g)].map(([, type]) => type);
  if (!types.some((type) => BIGINT.test(type)) || !types.some((type) => NUMBER.test(type))) return undefined;
  return "A bigint and a number do not go together. `Number(…)` makes a number of a bigint and `BigInt(…)` a bigint of a number; `5n` is the bigint 5.";
};

/** A method of a later JavaScript than the compiler's. */
const tooNew: Adviser = (message) =>
  message.includes("Try changing the 'lib' compiler option")
    ? "It came to JavaScript later than to this kernel's compiler: write it in another way."
    : undefined;

/** A promise, where its value was meant. */
const promises: Adviser = (message) =>
  /\btype 'Promise</i.test(message) ? "Is there an `await` missing?" : undefined;

/** The first that has something to say is the one that says it. */
const ADVISERS: readonly Adviser[] = [missingName, promises, tooNew, noList, isList, keysOfLoop, bigints];
