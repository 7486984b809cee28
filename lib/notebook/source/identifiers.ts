/** Finds the names that a piece of code declares, and the names that it uses but does not declare. */
import type ts from "typescript";

/** Returns the TypeScript compiler. It is loaded at the first call: most notebooks do not need it. */
export function typescript(): typeof ts {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("typescript") as typeof ts;
}

/** Returns the names that are declared anywhere in a piece of code. */
export function declaredNames(node: ts.Node): Set<string> {
  const t = typescript();
  const names = new Set<string>();
  const isDeclaration = (node: ts.Node) =>
    t.isVariableDeclaration(node) ||
    t.isParameter(node) ||
    t.isBindingElement(node) ||
    t.isFunctionLike(node) ||
    t.isClassLike(node) ||
    t.isInterfaceDeclaration(node) ||
    t.isTypeAliasDeclaration(node);
  const visit = (node: ts.Node): void => {
    const { name } = node as ts.NamedDeclaration;
    if (isDeclaration(node) && name && t.isIdentifier(name)) names.add(name.text);
    t.forEachChild(node, visit);
  };
  visit(node);
  return names;
}

/** Returns the names that code uses but does not declare, without those of properties and labels. */
export function outerNames(node: ts.Node): Set<string> {
  const t = typescript();
  const used = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (t.isIdentifier(node) && !isPropertyOrLabel(node)) used.add(node.text);
    t.forEachChild(node, visit);
  };
  visit(node);
  declaredNames(node).forEach((name) => used.delete(name));
  return used;
}

function isPropertyOrLabel(node: ts.Identifier): boolean {
  const t = typescript();
  const { parent } = node;
  if (t.isLabeledStatement(parent) || t.isBreakOrContinueStatement(parent)) {
    return parent.label === node;
  }
  const isNamed =
    t.isPropertyAccessExpression(parent) ||
    t.isPropertyAssignment(parent) ||
    t.isPropertySignature(parent) ||
    t.isPropertyDeclaration(parent) ||
    t.isMetaProperty(parent);
  return (isNamed && parent.name === node) || (t.isBindingElement(parent) && parent.propertyName === node);
}
