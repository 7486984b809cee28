/**
 * Lets a program be made from the one before it when a cell imports something else than the last one did.
 *
 * TypeScript looks at all files of a program again when a file imports other modules than in the version before. That
 * takes longer than to check a cell. So each cell says that it imports what any cell before it has imported of Node.js
 * and of the course, which its own code is none the wiser for: the names that it has are those of its own statements.
 */
import { builtinModules } from "node:module";
import type ts from "typescript";

type TypeScript = typeof ts;
type File = ts.SourceFile & { imports?: readonly ts.StringLiteralLike[] };
type Host = Pick<ts.CompilerHost, "getSourceFile" | "getSourceFileByPath">;
type Getter = (...args: unknown[]) => ts.SourceFile | undefined;

/** What may be among the imports of all cells: modules that declare nothing which all files would see. */
export const COMMON: ReadonlySet<string> = new Set([
  ...builtinModules,
  ...builtinModules.map((name) => `node:${name}`),
  ...["@course/lib", "undici"],
]);

export class SteadyImports {
  /** The common modules that some cell has imported. */
  private readonly common = new Set<string>();
  private readonly known = new WeakSet<Host | File>();

  constructor(private readonly typescript: TypeScript) {}

  /** Gives the files `roots` of a host the imports of all before them, in an order that is always the same. */
  watch(host: Host, roots: readonly string[]): void {
    if (this.known.has(host)) return;
    this.known.add(host);
    for (const method of ["getSourceFile", "getSourceFileByPath"] as const) {
      const get = host[method] as Getter | undefined;
      if (!get) continue;
      const watching: Getter = (name, ...rest) => {
        const file = get.call(host, name, ...rest);
        if (file && roots.includes(name as string)) this.steady(file);
        return file;
      };
      (host as Record<typeof method, Getter>)[method] = watching;
    }
  }

  /** Adds the common imports to those of a file, once TypeScript has set these. */
  private steady(file: File): void {
    if (this.known.has(file)) return;
    this.known.add(file);
    let imports: File["imports"];
    Object.defineProperty(file, "imports", {
      configurable: true,
      enumerable: true,
      get: () => imports,
      set: (own: readonly ts.StringLiteralLike[]) => (imports = this.withCommon(file, own)),
    });
  }

  private withCommon(file: File, own: readonly ts.StringLiteralLike[]): readonly ts.StringLiteralLike[] {
    for (const { text } of own) if (COMMON.has(text)) this.common.add(text);
    const byName = new Map([...own].reverse().map((literal) => [literal.text, literal]));
    for (const name of this.common) if (!byName.has(name)) byName.set(name, this.literal(file, name));
    return [...byName.keys()].sort().map((name) => byName.get(name)!);
  }

  /** Makes a literal as TypeScript makes those of imports that are nowhere in the text. */
  private literal(file: File, name: string): ts.StringLiteral {
    const { factory } = this.typescript;
    const literal = factory.createStringLiteral(name);
    const declaration = factory.createImportDeclaration(undefined, undefined, literal, undefined);
    const { Synthesized } = this.typescript.NodeFlags;
    for (const [node, parent] of [
      [literal, declaration],
      [declaration, file],
    ] as [{ parent: ts.Node; flags: ts.NodeFlags }, ts.Node][]) {
      node.parent = parent;
      node.flags &= ~Synthesized;
    }
    return literal;
  }
}
