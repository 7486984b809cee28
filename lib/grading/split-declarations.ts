/**
 * Tells the declarations of earlier cells that a cell may depend on from the others.
 *
 * A cell is compiled on top of the first alone. So what a learner declares besides, a helper or an import, changes
 * nothing for cells that do not mention it, and these need not be compiled again.
 */
import type ts from "typescript";
import { COMMON } from "../kernel/steady-imports";
import { typescript } from "../notebook/source/identifiers";
import { valuesOf } from "./declarations";

interface Declaration {
  text: string;
  /** What it declares. Without a name, all cells may depend on it. */
  names: string[];
  /** All identifiers in it. */
  mentions: ReadonlySet<string>;
}

interface Split {
  needed: string;
  others: string;
}

/** Declarations are the same for many cells. */
const parsed = new Map<string, Declaration[]>();
const MOST_PARSED = 1000;

/** Splits declarations, by what the source of a cell mentions, and what is mentioned there. */
export function splitDeclarations(declarations: string, source: string): Split {
  const all = declarationsIn(declarations);
  const mentioned = new Set(identifiersIn(parse(source)));
  const needed = new Set<Declaration>();
  for (let before = -1; before < needed.size;) {
    before = needed.size;
    for (const one of all) {
      const isMentioned = one.names.length === 0 || one.names.some((name) => mentioned.has(name));
      if (needed.has(one) || !isMentioned) continue;
      needed.add(one);
      one.mentions.forEach((name) => mentioned.add(name));
    }
  }
  const others = all.filter((one) => !needed.has(one));
  return { needed: textOf([...needed].sort(byName)), others: textOf(others) };
}

/**
 * Compares declarations by name: the same are to be the same text, in whichever order they came. Those of one name
 * keep theirs.
 */
function byName({ names: [a = ""] }: Declaration, { names: [b = ""] }: Declaration): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function textOf(declarations: Declaration[]): string {
  return declarations.map(({ text }) => `${text}\n`).join("");
}

function declarationsIn(text: string): Declaration[] {
  const known = parsed.get(text);
  if (known) return known;
  if (parsed.size >= MOST_PARSED) parsed.clear();
  const file = parse(text);
  const found = file.statements.flatMap((statement) => partsOf(statement, file));
  parsed.set(text, found);
  return found;
}

/** Returns a statement; of an import of a module that cells have in common, one for each of its names. */
function partsOf(statement: ts.Statement, file: ts.SourceFile): Declaration[] {
  const t = typescript();
  const text = statement.getText(file);
  const mentions = new Set(identifiersIn(statement));
  if (!t.isImportDeclaration(statement)) return [{ text, names: namesOf(statement), mentions }];
  const module = (statement.moduleSpecifier as ts.StringLiteral).text;
  // Other modules may declare what all cells see.
  if (!COMMON.has(module)) return [{ text, names: [], mentions }];
  const { importClause: clause } = statement;
  const list = clause?.namedBindings;
  if (!clause || !list || clause.name || clause.isTypeOnly || !t.isNamedImports(list))
    return [{ text, names: valuesOf(statement), mentions }];
  return list.elements.map((element) => ({
    text: `import { ${element.getText(file)} } from ${statement.moduleSpecifier.getText(file)};`,
    names: [element.name.text],
    mentions: new Set(identifiersIn(element)),
  }));
}

function namesOf(statement: ts.Statement): string[] {
  const t = typescript();
  if (t.isInterfaceDeclaration(statement) || t.isTypeAliasDeclaration(statement))
    return [statement.name.text];
  return valuesOf(statement);
}

function identifiersIn(node: ts.Node): string[] {
  const t = typescript();
  const names: string[] = [];
  const visit = (child: ts.Node): void => {
    if (t.isIdentifier(child)) names.push(child.text);
    t.forEachChild(child, visit);
  };
  visit(node);
  return names;
}

function parse(text: string): ts.SourceFile {
  const t = typescript();
  return t.createSourceFile("cell.ts", text, t.ScriptTarget.Latest, true);
}
