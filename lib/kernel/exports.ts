/**
 * Lets a cell say `export`, as a module does.
 *
 * tslab exports every name of a cell itself, for the cells after it, and refuses names that are exported already.
 */
import type ts from "typescript";

/** Returns a cell's source with blanks in place of the word `export`. All places stay what they were. */
export function withoutExports(source: string): string {
  if (!/\bexport\b/.test(source)) return source;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const t = require("@tslab/typescript-for-tslab") as typeof ts;
  const file = t.createSourceFile("cell.ts", source, t.ScriptTarget.Latest, true);
  let blanked = source;
  for (const statement of file.statements) {
    for (const { start, end } of exportsIn(t, statement, file)) {
      blanked = blanked.slice(0, start) + " ".repeat(end - start) + blanked.slice(end);
    }
  }
  return blanked;
}

function exportsIn(t: typeof ts, statement: ts.Statement, file: ts.SourceFile) {
  const isList =
    t.isExportDeclaration(statement) &&
    !statement.moduleSpecifier &&
    statement.exportClause &&
    t.isNamedExports(statement.exportClause) &&
    statement.exportClause.elements.every(({ propertyName }) => !propertyName);
  if (isList) return [{ start: statement.getStart(file), end: statement.end }];
  const modifiers = t.canHaveModifiers(statement) ? (t.getModifiers(statement) ?? []) : [];
  // `export default` is something that tslab takes, and another thing.
  if (modifiers.some(({ kind }) => kind === t.SyntaxKind.DefaultKeyword)) return [];
  return modifiers
    .filter(({ kind }) => kind === t.SyntaxKind.ExportKeyword)
    .map((modifier) => ({ start: modifier.getStart(file), end: modifier.end }));
}
