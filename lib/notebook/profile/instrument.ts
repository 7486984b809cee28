/**
 * Code that tells a LineClock where it is: before each statement of a function stands a call that
 * names its line. The lines are those of the source as it was written.
 *
 * Statements of functions inside are told too; the short body of an arrow function (`x => f(x)`) is
 * part of the line that it stands on.
 */
import type ts from "typescript";
import { typescript } from "../source/identifiers";

/** The names that instrumented code knows its clock and its run by. */
export const CLOCK = "__course_clock__";
const RUN = "__course_run__";

export type FunctionNode = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;

/** TypeScript as JavaScript (CommonJS), with the function that `isWanted` finds instrumented. */
export function instrumented(source: string, isWanted: (node: ts.Node) => boolean): string {
  const t = typescript();
  const before: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
    const seek = (node: ts.Node): ts.Node =>
      isWanted(node)
        ? new Instrumenter(file, context).function(node as FunctionNode)
        : t.visitEachChild(node, seek, context);
    return t.visitNode(file, seek, t.isSourceFile);
  };
  const { ES2022 } = t.ScriptTarget;
  return t.transpileModule(source, {
    compilerOptions: { target: ES2022, module: t.ModuleKind.CommonJS, esModuleInterop: true },
    transformers: { before: [before] },
  }).outputText;
}

class Instrumenter {
  private readonly t = typescript();
  private readonly make: ts.NodeFactory;
  /** Lines whose hits are counted at their first statement: those behind it on the same line add none. */
  private readonly counted = new Set<number>();

  constructor(
    private readonly file: ts.SourceFile,
    private readonly context: ts.TransformationContext,
  ) {
    this.make = context.factory;
  }

  /** A function whose run is told from beginning to end, its body instrumented. */
  function(node: FunctionNode): ts.Node {
    const { make, t } = this;
    const block =
      t.isArrowFunction(node) && !t.isBlock(node.body)
        ? [this.call("at", node.body), make.createReturnStatement(this.expression(node.body))]
        : this.statements((node.body as ts.Block).statements);
    return this.withBody(node, this.run(node, block));
  }

  /** A node with everything inside instrumented. */
  private readonly visit = (node: ts.Node): ts.Node => {
    const { t } = this;
    if (t.isFunctionLike(node) && hasBlock(node))
      return this.withBody(node, this.run(node, this.statements(node.body.statements)));
    if (t.isBlock(node)) return this.make.updateBlock(node, this.statements(node.statements));
    if (t.isCaseOrDefaultClause(node)) return this.clause(node);
    if (t.isIterationStatement(node, false)) return this.loop(node);
    if (t.isIfStatement(node)) {
      const elseStatement = node.elseStatement && this.branch(node.elseStatement);
      return this.make.updateIfStatement(
        node,
        this.expression(node.expression),
        this.branch(node.thenStatement),
        elseStatement,
      );
    }
    return t.visitEachChild(node, this.visit, this.context);
  };

  /** Statements, each with the call that names its line before it. */
  private statements(statements: readonly ts.Statement[]): ts.Statement[] {
    return statements.flatMap((statement) => {
      const told = this.told(statement); // before what is inside, which may stand on the same line
      const inside = this.visit(statement) as ts.Statement;
      return told ? [told, inside] : [inside];
    });
  }

  /** The call that goes before a statement; none if nothing happens at its beginning. A loop tells its hits itself. */
  private told(statement: ts.Statement): ts.Statement | undefined {
    const { t } = this;
    const inner = t.isLabeledStatement(statement) ? statement.statement : statement;
    if (t.isBlock(inner) || t.isTryStatement(inner) || t.isEmptyStatement(inner) || t.isDoStatement(inner))
      return undefined;
    if (t.isFunctionDeclaration(inner) || t.isInterfaceDeclaration(inner) || t.isTypeAliasDeclaration(inner))
      return undefined;
    if (this.isDirective(inner)) return undefined;
    const countsItself = t.isIterationStatement(inner, false) && !t.isForInStatement(inner);
    return countsItself
      ? this.call("resume", inner)
      : this.call(this.firstOnLine(inner) ? "at" : "resume", inner);
  }

  /** A statement that need not be a block, as one. */
  private branch(statement: ts.Statement): ts.Statement {
    return this.t.isBlock(statement)
      ? (this.visit(statement) as ts.Statement)
      : this.make.createBlock(this.statements([statement]), true);
  }

  private clause(node: ts.CaseOrDefaultClause): ts.Node {
    const { make, t } = this;
    const statements = this.statements(node.statements);
    return t.isCaseClause(node)
      ? make.updateCaseClause(node, this.expression(node.expression), statements)
      : make.updateDefaultClause(node, statements);
  }

  private loop(node: ts.IterationStatement): ts.Node {
    const { make, t } = this;
    if (!t.isDoStatement(node)) this.firstOnLine(node);
    const body = this.branch(node.statement);
    if (t.isForOfStatement(node)) {
      const steps = this.clock("steps", [
        this.runName(),
        this.lineOf(node),
        this.expression(node.expression),
      ]);
      return make.updateForOfStatement(node, node.awaitModifier, node.initializer, steps, body);
    }
    if (t.isForInStatement(node))
      return make.updateForInStatement(node, node.initializer, this.expression(node.expression), body);
    if (t.isWhileStatement(node))
      return make.updateWhileStatement(node, this.toldExpression(node, node.expression), body);
    if (t.isDoStatement(node))
      return make.updateDoStatement(node, body, this.toldExpression(node.expression, node.expression));
    const { initializer, condition, incrementor } = node as ts.ForStatement;
    return make.updateForStatement(
      node as ts.ForStatement,
      initializer && (this.visit(initializer) as ts.ForInitializer),
      this.toldExpression(node, condition ?? make.createTrue()),
      incrementor &&
        make.createCommaListExpression([
          this.clock("resume", [this.runName(), this.lineOf(node)]),
          this.expression(incrementor),
        ]),
      body,
    );
  }

  /** `(clock.at(run, line), expression)` */
  private toldExpression(place: ts.Node, expression: ts.Expression): ts.Expression {
    const at = this.clock("at", [this.runName(), this.lineOf(place)]);
    return this.make.createParenthesizedExpression(
      this.make.createCommaListExpression([at, this.expression(expression)]),
    );
  }

  private expression(node: ts.Expression): ts.Expression {
    return this.visit(node) as ts.Expression;
  }

  /** `const run = clock.enter(line); try { … } finally { clock.exit(run); }` */
  private run(node: ts.Node, statements: ts.Statement[]): ts.Block {
    const { make, t } = this;
    const first = statements.findIndex((statement) => !this.isDirective(statement));
    const directives = statements.slice(0, first);
    const entered = make.createVariableDeclaration(
      RUN,
      undefined,
      undefined,
      this.clock("enter", [this.lineOf(node)]),
    );
    const exit = make.createExpressionStatement(this.clock("exit", [this.runName()]));
    return make.createBlock(
      [
        ...directives,
        make.createVariableStatement(
          undefined,
          make.createVariableDeclarationList([entered], t.NodeFlags.Const),
        ),
        make.createTryStatement(
          make.createBlock(statements.slice(directives.length), true),
          undefined,
          make.createBlock([exit], true),
        ),
      ],
      true,
    );
  }

  /** A function of any kind with another body. */
  private withBody(node: ts.Node, body: ts.Block): ts.Node {
    const { t } = this;
    const old = (node as ts.FunctionLikeDeclaration).body;
    const visit = (child: ts.Node): ts.Node =>
      child === old ? body : t.isParameter(child) ? this.visit(child) : child;
    return t.visitEachChild(node, visit, this.context);
  }

  private call(method: "at" | "resume", place: ts.Node): ts.Statement {
    return this.make.createExpressionStatement(this.clock(method, [this.runName(), this.lineOf(place)]));
  }

  private clock(method: string, parameters: ts.Expression[]): ts.Expression {
    const { make } = this;
    const name = make.createPropertyAccessExpression(make.createIdentifier(CLOCK), method);
    return make.createCallExpression(name, undefined, parameters);
  }

  /** `"use strict"` */
  private isDirective(statement: ts.Statement): boolean {
    return this.t.isExpressionStatement(statement) && this.t.isStringLiteral(statement.expression);
  }

  /** Whether nothing on the line of `node` has been counted yet; from now on something has. */
  private firstOnLine(node: ts.Node): boolean {
    const line = this.lineNumber(node);
    const isFirst = !this.counted.has(line);
    this.counted.add(line);
    return isFirst;
  }

  private runName(): ts.Expression {
    return this.make.createIdentifier(RUN);
  }

  private lineOf(node: ts.Node): ts.Expression {
    return this.make.createNumericLiteral(this.lineNumber(node));
  }

  private lineNumber(node: ts.Node): number {
    return this.file.getLineAndCharacterOfPosition(node.getStart(this.file)).line + 1;
  }
}

function hasBlock(node: ts.Node): node is ts.FunctionLikeDeclaration & { body: ts.Block } {
  const { body } = node as ts.FunctionLikeDeclaration;
  return body !== undefined && typescript().isBlock(body);
}
