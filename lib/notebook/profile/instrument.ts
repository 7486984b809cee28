/**
 * Instruments a function, so that it reports its lines to a LineClock.
 *
 * A call before each statement names the statement's line in the source as it was written. Statements
 * of inner functions are reported too. The expression body of an arrow function (`x => f(x)`) counts
 * as part of the line that it stands on.
 */
import type ts from "typescript";
import { typescript } from "../source/identifiers";

/** The names of the clock and of the run in instrumented code. */
export const CLOCK = "__course_clock__";
const RUN = "__course_run__";

type FunctionNode = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;

/** Compiles TypeScript to CommonJS, and instruments the function for which `isWanted` returns true. */
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
  /** The lines that have a counting call. Further statements on the same line add no hits. */
  private readonly counted = new Set<number>();

  constructor(
    private readonly file: ts.SourceFile,
    private readonly context: ts.TransformationContext,
  ) {
    this.make = context.factory;
  }

  /** Instruments a function: the start and the end of its runs, and its body. */
  function(node: FunctionNode): ts.Node {
    const { make, t } = this;
    const block =
      t.isArrowFunction(node) && !t.isBlock(node.body)
        ? [this.call("at", node.body), make.createReturnStatement(this.expression(node.body))]
        : this.statements((node.body as ts.Block).statements);
    return this.withBody(node, this.run(node, block));
  }

  /** Instruments everything inside a node. */
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

  /** Puts the call that reports its line before each statement. */
  private statements(statements: readonly ts.Statement[]): ts.Statement[] {
    return statements.flatMap((statement) => {
      // First, because statements inside may stand on the same line.
      const report = this.report(statement);
      const inside = this.visit(statement) as ts.Statement;
      return report ? [report, inside] : [inside];
    });
  }

  /**
   * Returns the call that goes before a statement, or undefined if nothing happens at its start.
   *
   * A loop counts its hits itself, so its call counts none.
   */
  private report(statement: ts.Statement): ts.Statement | undefined {
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
      : this.call(this.markLine(inner) ? "at" : "resume", inner);
  }

  /** Instruments a statement, as a block if it is none. */
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
    if (!t.isDoStatement(node)) this.markLine(node);
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
      return make.updateWhileStatement(node, this.reportedExpression(node, node.expression), body);
    if (t.isDoStatement(node))
      return make.updateDoStatement(node, body, this.reportedExpression(node.expression, node.expression));
    const { initializer, condition, incrementor } = node as ts.ForStatement;
    return make.updateForStatement(
      node as ts.ForStatement,
      initializer && (this.visit(initializer) as ts.ForInitializer),
      this.reportedExpression(node, condition ?? make.createTrue()),
      incrementor &&
        make.createCommaListExpression([
          this.clock("resume", [this.runName(), this.lineOf(node)]),
          this.expression(incrementor),
        ]),
      body,
    );
  }

  /** Makes `(clock.at(run, line), expression)`. */
  private reportedExpression(node: ts.Node, expression: ts.Expression): ts.Expression {
    const at = this.clock("at", [this.runName(), this.lineOf(node)]);
    return this.make.createParenthesizedExpression(
      this.make.createCommaListExpression([at, this.expression(expression)]),
    );
  }

  private expression(node: ts.Expression): ts.Expression {
    return this.visit(node) as ts.Expression;
  }

  /** Makes `const run = clock.enter(line); try { … } finally { clock.exit(run); }`, after directives. */
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

  /** Replaces the body of a function, and instruments its parameters' defaults. */
  private withBody(node: ts.Node, body: ts.Block): ts.Node {
    const { t } = this;
    const old = (node as ts.FunctionLikeDeclaration).body;
    const visit = (child: ts.Node): ts.Node =>
      child === old ? body : t.isParameter(child) ? this.visit(child) : child;
    return t.visitEachChild(node, visit, this.context);
  }

  private call(method: "at" | "resume", node: ts.Node): ts.Statement {
    return this.make.createExpressionStatement(this.clock(method, [this.runName(), this.lineOf(node)]));
  }

  private clock(method: string, parameters: ts.Expression[]): ts.Expression {
    const { make } = this;
    const name = make.createPropertyAccessExpression(make.createIdentifier(CLOCK), method);
    return make.createCallExpression(name, undefined, parameters);
  }

  /** Tells whether a statement is a directive: `"use strict"`. */
  private isDirective(statement: ts.Statement): boolean {
    return this.t.isExpressionStatement(statement) && this.t.isStringLiteral(statement.expression);
  }

  /** Marks the line of `node` as counted. Returns true if it was not. */
  private markLine(node: ts.Node): boolean {
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
