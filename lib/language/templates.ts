/**
 * Sentences with something in them: `expected {a}, got {b}`.
 *
 * Checks write their messages in English, so that an exercise's author need not think of other languages. A template
 * finds such a sentence, and says it in another one. `{name}` stands for a value, which stays as it is; `{NAME}` for
 * words, which are translated in turn. `{id}` stands for a name in code alone, and `{n}` for a number: what is as
 * general as `{id} threw {error}` would match the middle of other sentences.
 */
export interface Template {
  readonly to: string;
  /** Matches a sentence, with a group for each place. */
  readonly pattern: RegExp;
  /** The names of the places, in the order of the English. */
  readonly places: readonly string[];
}

const PLACE = /\{(\w+)\}/g;

/** Returns a template. Throws an Error if the translation has another set of places. */
export function templateOf(from: string, to: string): Template {
  const names = (text: string) => [...text.matchAll(PLACE)].map(([, name]) => name);
  const places = names(from);
  const strange = [
    ...names(to).filter((name) => !places.includes(name)),
    ...places.filter((name) => !names(to).includes(name)),
  ];
  if (strange.length > 0)
    throw new Error(`the translation of "${from}" must have the same places: {${strange[0]}}`);
  const [first, ...rest] = from.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = first + rest.map((part, i) => `(${FORMS[places[i]] ?? ANYTHING})${part}`).join("");
  return { to, places, pattern: new RegExp(`^${pattern}$`) };
}

/** As little as possible: "expected {a}, got {b}" ends its first place at the first ", got ". */
const ANYTHING = "[^]*?";
/** What some places stand for. A name may be in quotes. */
const FORMS: Record<string, string> = { id: `"?[\\w$]+"?`, n: "-?[\\d,.]+" };

/** Words within words, at most this deep: a sentence of a stranger's text cannot keep us busy. */
const MAX_DEPTH = 6;
/** Longer lines stay as they are: no message of a check is as long, but what an answer printed may be. */
const MAX_LENGTH = 1500;

/** Says a sentence in another language, by the first template that matches it; one that none does stays. */
export function translate(
  sentence: string,
  texts: (text: string) => string | undefined,
  templates: readonly Template[],
  depth = 0,
): string {
  const whole = texts(sentence);
  if (whole !== undefined || depth > MAX_DEPTH || sentence.length > MAX_LENGTH) return whole ?? sentence;
  for (const { pattern, places, to } of templates) {
    const found = pattern.exec(sentence);
    if (!found) continue;
    const valueOf = (name: string) => {
      const value = found[places.indexOf(name) + 1];
      return name === name.toUpperCase() ? translate(value, texts, templates, depth + 1) : value;
    };
    return to.replace(PLACE, (_, name: string) => valueOf(name));
  }
  return sentence;
}
