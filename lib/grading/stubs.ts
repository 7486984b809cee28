/** Recognizes exercises that nobody has begun, without compiling or running them. */
import ts from "@tslab/typescript-for-tslab";
import { stubMessage } from "../checks/exercise";
import { cellSource, type NotebookCell } from "../notebook/source/notebook-file";
import { statementsOf } from "./declarations";

/** Returns whether the last cell that declares exercise `id` has its original stub there. */
export function isUntouched(id: string, cells: NotebookCell[]): boolean {
  const last = declaring(id, cells).at(-1);
  return last !== undefined && isStub(last, id);
}

/** Returns whether each exercise is declared once, as its original stub. */
export function areAllUntouched(ids: string[], cells: NotebookCell[]): boolean {
  return ids.every((id) => {
    const sources = declaring(id, cells);
    return sources.length === 1 && isStub(sources[0], id);
  });
}

/** Returns the sources of the cells that declare `id`. */
function declaring(id: string, cells: NotebookCell[]): string[] {
  const sources = cells.filter(({ cell_type }) => cell_type === "code").map(cellSource);
  return sources.filter((source) => statementsOf(source).some(({ values }) => values.includes(id)));
}

/**
 * Returns whether the last function `id` of a source does nothing but throw the stub's error; of a class, all its
 * functions.
 */
function isStub(source: string, id: string): boolean {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest);
  const isAnswer = (statement: ts.Statement): statement is ts.FunctionDeclaration | ts.ClassDeclaration =>
    ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
  const last = file.statements
    .filter(isAnswer)
    .filter(({ name }) => name?.text === id)
    .at(-1);
  if (!last) return false;
  const bodies = ts.isClassDeclaration(last) ? last.members.map(bodyOf) : [last.body];
  return bodies.length > 0 && bodies.every((body) => isStubBody(body, id));
}

function bodyOf(member: ts.ClassElement): ts.Block | undefined {
  return (member as { body?: ts.Block }).body;
}

function isStubBody(body: ts.Block | undefined, id: string): boolean {
  return body?.statements.length === 1 && throwsText(body.statements[0], stubMessage(id));
}

function throwsText(statement: ts.Statement, text: string): boolean {
  if (!ts.isThrowStatement(statement) || !ts.isNewExpression(statement.expression)) return false;
  const { expression, arguments: given = [] } = statement.expression;
  const isError = ts.isIdentifier(expression) && expression.text === "Error" && given.length === 1;
  return isError && ts.isStringLiteralLike(given[0]) && given[0].text === text;
}
