/**
 * Docblocks of declarations, which are read when somebody asks about a name: to read those of all packages at the start
 * takes a fifth of it.
 *
 * A declaration file is read twice: at first with its docblocks as plain comments, so that no place in it moves. When
 * TypeScript is asked what a name is, the file that declares it is read as it is, and each declaration gets
 * its docblock.
 */
import type ts from "typescript";

type TypeScript = typeof ts;
type System = Pick<ts.System, "readFile">;
type Documented = ts.Node & { jsDoc?: { parent: ts.Node }[] };
type Methods = Record<(typeof METHODS)[number], (this: unknown, ...args: unknown[]) => unknown>;

/** The parts of TypeScript 5.0 that its types leave out. */
interface Internals {
  objectAllocator: Record<"getSymbolConstructor" | "getSignatureConstructor", () => { prototype: Methods }>;
}

/** What TypeScript asks symbols and signatures for their docblocks with. */
const METHODS = ["getDocumentationComment", "getJsDocTags"] as const;
/** What the cells before have declared: as short as its docblocks are, and no file. */
const PREVIOUS = "/__prev__.d.ts";

/** Makes plain comments of the docblocks of declarations: none is parsed. */
export function leaveOutDocblocks(system: System): void {
  const read = system.readFile;
  system.readFile = (file, encoding) => {
    const text = read.call(system, file, encoding);
    return file.endsWith(".d.ts") && !file.endsWith(PREVIOUS) ? text?.replaceAll("/**", "/* ") : text;
  };
}

/** Lets TypeScript find the docblocks that were left out, when it asks for them. */
export function findDocblocks(typescript: TypeScript): void {
  const { objectAllocator } = typescript as unknown as Internals;
  const found = new WeakSet<ts.SourceFile>();
  const find = (declaration: ts.Node | undefined): void => {
    const file = declaration?.getSourceFile();
    if (!file?.isDeclarationFile || found.has(file)) return;
    found.add(file);
    findIn(typescript, file);
  };
  before(objectAllocator.getSymbolConstructor(), (symbol: ts.Symbol) => symbol.declarations?.forEach(find));
  before(objectAllocator.getSignatureConstructor(), (signature: ts.Signature) => find(signature.declaration));
}

/** Lets the methods of a class call `work` first. */
function before<T>({ prototype }: { prototype: Methods }, work: (asked: T) => void): void {
  for (const name of METHODS) {
    const method = prototype[name];
    prototype[name] = function (...args) {
      work(this as T);
      return method.apply(this, args);
    };
  }
}

/** Gives the declarations of a file the docblocks that it has on the disk, if it is still the same file. */
function findIn(typescript: TypeScript, file: ts.SourceFile): void {
  const text = typescript.sys.readFile(file.fileName);
  if (text === undefined || text.replaceAll("/**", "/* ") !== file.text) return;
  copy(typescript, typescript.createSourceFile(file.fileName, text, file.languageVersion, true), file);
}

function copy(typescript: TypeScript, from: Documented, to: Documented): void {
  if (from.jsDoc) to.jsDoc = from.jsDoc;
  // Names in it are looked up from where it stands.
  for (const docblock of to.jsDoc ?? []) docblock.parent = to;
  const [sources, targets] = [from, to].map((node) => {
    const children: ts.Node[] = [];
    typescript.forEachChild(node, (child) => void children.push(child));
    return children;
  });
  sources.forEach((child, i) => copy(typescript, child, targets[i]));
}
