/**
 * Finds what a cell declares, and which of its declarations can be evaluated without running the rest.
 *
 * The course's demonstration cells call the network, so the grader does not run them. But a learner may have
 * put a helper function into one. The kernel's own parser extracts what is safe to run: imports, functions,
 * classes, types, and variables whose initializers call nothing and read no property.
 */
import ts from "@tslab/typescript-for-tslab";

export interface Declarations {
  /** All names that the cell declares at its top level. */
  names: string[];
  /** The statements that only declare, in order; empty if there are none. */
  source: string;
  /** Statements such as `const getNodes = useSolution("getNodes")`, with the exercise's id. */
  standIns: { exercise: string; source: string }[];
  /** Whether the cell holds anything but comments. */
  hasCode: boolean;
}

/** Returns what a cell's source declares. Never throws: statements that do not parse are left out. */
export function declarationsOf(source: string): Declarations {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true);
  const textOf = (statement: ts.Statement): string => statement.getText(file);
  return {
    names: file.statements.flatMap(namesOf),
    source: file.statements.filter(onlyDeclares).map(textOf).join("\n"),
    standIns: file.statements.flatMap((statement) => {
      const exercise = standInFor(statement);
      return exercise === undefined ? [] : [{ exercise, source: textOf(statement) }];
    }),
    hasCode: file.statements.length > 0,
  };
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => bindingNames(name));
  }
  if (ts.isImportDeclaration(statement)) return importedNames(statement.importClause);
  const { name } = statement as { name?: ts.Node };
  return isNamed(statement) && name && ts.isIdentifier(name) ? [name.text] : [];
}

function isNamed(statement: ts.Statement): boolean {
  return (
    ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)
  );
}

function bindingNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : bindingNames(element.name),
  );
}

function importedNames(clause: ts.ImportClause | undefined): string[] {
  const bindings = clause?.namedBindings;
  const named = !bindings ? [] : ts.isNamespaceImport(bindings) ? [bindings] : [...bindings.elements];
  return [clause?.name, ...named.map(({ name }) => name)].flatMap((name) => (name ? [name.text] : []));
}

function onlyDeclares(statement: ts.Statement): boolean {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.every(
      ({ name, initializer }) => ts.isIdentifier(name) && (!initializer || isSelfContained(initializer)),
    );
  }
  return (
    isNamed(statement) ||
    ts.isImportDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
  );
}

/** Returns whether an expression calls nothing, awaits nothing, and reads no property or iterable. */
function isSelfContained(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return true;
  const hasEffects =
    ts.isCallExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isTaggedTemplateExpression(node) ||
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isSpreadElement(node);
  return !hasEffects && !ts.forEachChild(node, (child) => !isSelfContained(child));
}

function standInFor(statement: ts.Statement): string | undefined {
  if (!ts.isVariableStatement(statement)) return undefined;
  const [{ initializer }] = statement.declarationList.declarations;
  if (!initializer || !ts.isCallExpression(initializer)) return undefined;
  const [id] = initializer.arguments;
  const calls = ts.isIdentifier(initializer.expression) && initializer.expression.text === "useSolution";
  return calls && id && ts.isStringLiteralLike(id) ? id.text : undefined;
}
