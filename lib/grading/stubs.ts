/** Recognizes exercises that nobody has begun, without compiling or running them. */
import type ts from "typescript";
import { stubMessage } from "../checks/exercise";
import { typescript } from "../notebook/source/identifiers";
import { cellSource, type NotebookCell } from "../notebook/source/notebook-file";
import { valuesOf } from "./declarations";

/** Returns whether the last cell that declares exercise `id` has its original stub there. */
export function isUntouched(id: string, cells: NotebookCell[]): boolean {
  if (!mentionStub(id, cells)) return false;
  const last = declaring(id, parsed(cells)).at(-1);
  return last !== undefined && isStub(last, id);
}

/** Returns whether each exercise is declared once, as its original stub. */
export function areAllUntouched(ids: string[], cells: NotebookCell[]): boolean {
  if (!ids.every((id) => mentionStub(id, cells))) return false;
  const files = parsed(cells);
  return ids.every((id) => {
    const [only, ...others] = declaring(id, files);
    return only !== undefined && others.length === 0 && isStub(only, id);
  });
}

/**
 * Returns whether the stub's words are anywhere: who has replaced them is known to have begun before anything is
 * parsed.
 */
function mentionStub(id: string, cells: NotebookCell[]): boolean {
  return cells.some((cell) => cellSource(cell).includes(stubMessage(id)));
}

/** Returns the code cells, each as a file. */
function parsed(cells: NotebookCell[]): ts.SourceFile[] {
  const t = typescript();
  return cells
    .filter(({ cell_type }) => cell_type === "code")
    .map((cell) => t.createSourceFile("cell.ts", cellSource(cell), t.ScriptTarget.Latest));
}

/** Returns the cells that declare `id`. */
function declaring(id: string, files: ts.SourceFile[]): ts.SourceFile[] {
  return files.filter(({ statements }) => statements.some((statement) => valuesOf(statement).includes(id)));
}

/**
 * Returns whether the last function `id` of a source does nothing but throw the stub's error; of a class, all its
 * functions.
 */
function isStub(file: ts.SourceFile, id: string): boolean {
  const t = typescript();
  const isAnswer = (statement: ts.Statement): statement is ts.FunctionDeclaration | ts.ClassDeclaration =>
    t.isFunctionDeclaration(statement) || t.isClassDeclaration(statement);
  const last = file.statements
    .filter(isAnswer)
    .filter(({ name }) => name?.text === id)
    .at(-1);
  if (!last) return false;
  const bodies = t.isClassDeclaration(last) ? last.members.map(bodyOf) : [last.body];
  return bodies.length > 0 && bodies.every((body) => isStubBody(body, id));
}

function bodyOf(member: ts.ClassElement): ts.Block | undefined {
  return (member as { body?: ts.Block }).body;
}

function isStubBody(body: ts.Block | undefined, id: string): boolean {
  return body?.statements.length === 1 && throwsText(body.statements[0], stubMessage(id));
}

function throwsText(statement: ts.Statement, text: string): boolean {
  const t = typescript();
  if (!t.isThrowStatement(statement) || !t.isNewExpression(statement.expression)) return false;
  const { expression, arguments: given = [] } = statement.expression;
  const isError = t.isIdentifier(expression) && expression.text === "Error" && given.length === 1;
  return isError && t.isStringLiteralLike(given[0]) && given[0].text === text;
}
