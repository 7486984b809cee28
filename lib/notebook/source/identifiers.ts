/** Finds the names that a piece of code declares, and the names that it uses but does not declare. */
import type ts from "typescript";

let loaded: typeof ts | undefined;

/** Returns the TypeScript compiler. It is loaded at the first call: most notebooks do not need it. */
export function typescript(): typeof ts {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (loaded ??= require("typescript") as typeof ts);
}

/** Lets `typescript` return a compiler that is loaded already: the kernel's own. */
export function useTypescript(compiler: typeof ts): void {
  loaded = compiler;
}

/** Returns the names that are declared anywhere in a piece of code. */
export function declaredNames(node: ts.Node): Set<string> {
  const t = typescript();
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const { name } = node as ts.NamedDeclaration;
    if (isDeclaration(node) && name && t.isIdentifier(name)) names.add(name.text);
    t.forEachChild(node, visit);
  };
  visit(node);
  return names;
}

/**
 * Returns the names that code uses and that are declared outside of it, without those of properties and labels.
 *
 * The nodes of its file need to know their parents.
 */
export function outerNames(node: ts.Node): Set<string> {
  const t = typescript();
  bind(node.getSourceFile());
  const used = new Set<string>();
  const own = new Set<string>();
  const visit = (child: ts.Node): void => {
    if (t.isIdentifier(child) && !isPropertyOrLabel(child) && !isDeclaredBetween(child, node)) {
      const { parent } = child;
      const isOwn = isDeclaration(parent) && (parent as ts.NamedDeclaration).name === child;
      (isOwn ? own : used).add(child.text);
    }
    t.forEachChild(child, visit);
  };
  visit(node);
  own.forEach((name) => used.delete(name));
  return used;
}

/** What the compiler's binder notes at a node that is a scope: the names that are declared in it. */
interface Scope extends ts.Node {
  locals?: ReadonlyMap<string, unknown>;
}

/** Notes the names of each scope. The compiler has this function, and its types leave it out. */
function bind(file: ts.SourceFile): void {
  const { bindSourceFile } = typescript() as unknown as {
    bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  };
  bindSourceFile(file, {});
}

/** Returns whether a name is declared in a scope that is around it, up to and including `outermost`. */
function isDeclaredBetween({ text, parent }: ts.Identifier, outermost: ts.Node): boolean {
  const t = typescript();
  for (let scope: Scope | undefined = parent; scope; scope = scope.parent) {
    if (scope.locals?.has(text)) return true;
    // The name of a function expression is known inside of it alone.
    if ((t.isFunctionExpression(scope) || t.isClassExpression(scope)) && scope.name?.text === text)
      return true;
    if (scope === outermost) return false;
  }
  return false;
}

function isDeclaration(node: ts.Node): boolean {
  const t = typescript();
  return (
    t.isVariableDeclaration(node) ||
    t.isParameter(node) ||
    t.isBindingElement(node) ||
    t.isFunctionLike(node) ||
    t.isClassLike(node) ||
    t.isInterfaceDeclaration(node) ||
    t.isTypeAliasDeclaration(node) ||
    t.isEnumDeclaration(node)
  );
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
    t.isMethodDeclaration(parent) ||
    t.isMethodSignature(parent) ||
    t.isAccessor(parent) ||
    t.isEnumMember(parent) ||
    t.isMetaProperty(parent);
  return (isNamed && parent.name === node) || (t.isBindingElement(parent) && parent.propertyName === node);
}
