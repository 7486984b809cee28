/**
 * A builder of programs for the converter that keeps no books.
 *
 * With each version of the program, TypeScript's own builder looks up what every file refers to, those of Node.js's
 * types among them, so as to know what to check again. The converter only wants to know which files of the learner's
 * a cell imports, which is soon found out.
 */
import { SteadyImports } from "./steady-imports";

type TypeScript = typeof import("typescript");
type SourceFile = import("typescript").SourceFile & {
  imports?: readonly import("typescript").StringLiteral[];
};
type Program = import("typescript").Program;
type Builder = import("typescript").BuilderProgram;
type CreateProgram = import("typescript").CreateProgram<Builder>;

/** The parts of TypeScript 5.0 that its types leave out. */
interface Internals {
  bindSourceFile(file: SourceFile, options: object): void;
  getResolvedModule(
    file: SourceFile,
    name: string,
    mode: undefined,
  ): { resolvedFileName: string } | undefined;
}

/**
 * Returns a `createProgram` for a watch host.
 *
 * @param steady Lets a new version of the program be what the one before was but for the cell: steady-imports.ts.
 */
export function lightProgram(typescript: TypeScript, steady: boolean): CreateProgram {
  const { bindSourceFile, getResolvedModule } = typescript as unknown as Internals;
  const steadyImports = new SteadyImports(typescript);
  return (...args) => {
    const [roots, , host] = args;
    if (steady && host) steadyImports.watch(host, roots ?? []);
    const builder = (typescript.createAbstractBuilder as CreateProgram)(...args);
    const program = builder.getProgram();
    // The converter asks for the names in a cell before it has anything checked.
    for (const name of program.getRootFileNames()) {
      const file = program.getSourceFile(name);
      if (file) bindSourceFile(file, program.getCompilerOptions());
    }
    const imported = (file: SourceFile) =>
      (file.imports ?? []).map(({ text }) => getResolvedModule(file, text, undefined)?.resolvedFileName);
    builder.getAllDependencies = (file) => ownDependencies(program, file, imported);
    return builder;
  };
}

/** Returns the names of the file and of all that it imports, up to declaration files. */
function ownDependencies(
  program: Program,
  start: SourceFile,
  imported: (file: SourceFile) => (string | undefined)[],
): string[] {
  const found = new Set([start]);
  for (const file of found) {
    for (const name of imported(file)) {
      const other = name === undefined ? undefined : program.getSourceFile(name);
      if (other && !other.isDeclarationFile) found.add(other);
    }
  }
  return [...found].map(({ fileName }) => fileName);
}
