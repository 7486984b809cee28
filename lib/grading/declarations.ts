/** Finds what the statements of a cell declare, use and change. Nothing of the cell is run. */
import type ts from "typescript";
import { outerNames, typescript } from "../notebook/source/identifiers";

/** A statement at the top level of a cell. */
export interface CellStatement {
  /** The names that it declares, those of types too. */
  declares: string[];
  /** The names that it declares as values: variables, functions, classes, imports. */
  values: string[];
  /** The names that it uses and does not declare. */
  uses: ReadonlySet<string>;
  /** The variables that it assigns to, or calls methods of, without declaring anything itself. */
  changes: ReadonlySet<string>;
  isImport: boolean;
  /** The exercise whose function it takes from the library: `const getNodes = useSolution("getNodes")`. */
  standsInFor?: string;
  /** Where it is in the cell. */
  start: number;
  end: number;
}

/** Returns a cell's statements. Never throws: what does not parse is taken for what it looks like. */
export function statementsOf(source: string): CellStatement[] {
  const t = typescript();
  const file = t.createSourceFile("cell.ts", source, t.ScriptTarget.Latest, true);
  return file.statements.map((statement) => {
    const values = valuesOf(statement);
    const declares = [...values, ...typeOf(statement)];
    return {
      declares,
      values,
      uses: outerNames(statement),
      changes: declares.length > 0 ? new Set<string>() : changedBy(statement),
      isImport: t.isImportDeclaration(statement),
      standsInFor: standInFor(statement),
      start: statement.getStart(file),
      end: statement.end,
    };
  });
}

/** Returns the names that a statement declares as values. Its file need not know its parents. */
export function valuesOf(statement: ts.Statement): string[] {
  const t = typescript();
  if (t.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => bindingNames(name));
  }
  if (t.isImportDeclaration(statement)) return importedNames(statement.importClause);
  const isNamed =
    t.isFunctionDeclaration(statement) || t.isClassDeclaration(statement) || t.isEnumDeclaration(statement);
  return isNamed && statement.name ? [statement.name.text] : [];
}

function typeOf(statement: ts.Statement): string[] {
  const t = typescript();
  return t.isInterfaceDeclaration(statement) || t.isTypeAliasDeclaration(statement)
    ? [statement.name.text]
    : [];
}

function bindingNames(name: ts.BindingName): string[] {
  const t = typescript();
  if (t.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    t.isOmittedExpression(element) ? [] : bindingNames(element.name),
  );
}

function importedNames(clause: ts.ImportClause | undefined): string[] {
  const bindings = clause?.namedBindings;
  const named = !bindings
    ? []
    : typescript().isNamespaceImport(bindings)
      ? [bindings]
      : [...bindings.elements];
  return [clause?.name, ...named.map(({ name }) => name)].flatMap((name) => (name ? [name.text] : []));
}

/**
 * Returns the names that a statement changes, in a loop or by itself: `table` by `table.set(…)` or
 * `table[key] = value`, `count` by `count += 1`.
 */
function changedBy(statement: ts.Statement): Set<string> {
  const t = typescript();
  const names = new Set<string>();
  const add = (node: ts.Node): void => {
    const root = rootOf(node);
    if (root) names.add(root);
  };
  const visit = (node: ts.Node): void => {
    if (t.isCallExpression(node) && !t.isIdentifier(node.expression)) add(node.expression);
    if (t.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) add(node.left);
    if (t.isPrefixUnaryExpression(node) || t.isPostfixUnaryExpression(node)) add(node.operand);
    if (t.isDeleteExpression(node)) add(node.expression);
    t.forEachChild(node, visit);
  };
  visit(statement);
  return names;
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  const { FirstAssignment, LastAssignment } = typescript().SyntaxKind;
  return kind >= FirstAssignment && kind <= LastAssignment;
}

/** Returns `table` for `table.rows[0]`; undefined for what begins otherwise. */
function rootOf(node: ts.Node): string | undefined {
  const t = typescript();
  let root = node;
  while (
    t.isPropertyAccessExpression(root) ||
    t.isElementAccessExpression(root) ||
    t.isNonNullExpression(root)
  ) {
    root = root.expression;
  }
  return t.isIdentifier(root) ? root.text : undefined;
}

function standInFor(statement: ts.Statement): string | undefined {
  const t = typescript();
  if (!t.isVariableStatement(statement)) return undefined;
  const { initializer } = statement.declarationList.declarations[0] ?? {};
  if (!initializer || !t.isCallExpression(initializer)) return undefined;
  const [id] = initializer.arguments;
  const calls = t.isIdentifier(initializer.expression) && initializer.expression.text === "useSolution";
  return calls && id && t.isStringLiteralLike(id) ? id.text : undefined;
}
