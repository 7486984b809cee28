/**
 * Spares the converter one of the two versions of its program that it makes for each cell.
 *
 * It makes the first to see which names the cell declares, and the second with an export of these. To see the names, it
 * is enough to parse the cell, which takes a tenth of the time.
 */
import type ts from "typescript";

type Builder = ts.BuilderProgram;
type Host = ts.WatchCompilerHost<Builder>;
type BoundFile = ts.SourceFile & { locals?: ReadonlyMap<string, unknown> };

/** A function of TypeScript 5.0 that its types leave out. */
interface Internals {
  bindSourceFile(file: ts.SourceFile, options: object): void;
}

export class FirstLook {
  private host: Host | undefined;
  private isNext = false;
  private isShown = false;
  private last: Builder | undefined;

  constructor(
    private readonly typescript: typeof ts,
    /** Returns the cell as the converter would read it. */
    private readonly readCell: () => string | undefined,
  ) {}

  /** Takes the host, in which the converter notes what it does with a new program. */
  watch(host: Host): void {
    this.host = host;
  }

  /** Notes the last program that was made. */
  made(builder: Builder): void {
    this.last = builder;
    this.isShown = false;
  }

  /** Begins a cell: the next program that the converter asks for is the first for it. */
  begin(): void {
    this.isNext = true;
  }

  /** Shows the converter the names of the cell in place of a program, if it needs no more than these now. */
  takesPlace(): boolean {
    const isFirst = this.isNext;
    this.isNext = false;
    const text = isFirst && this.last ? this.readCell() : undefined;
    if (text === undefined) return false;
    const { typescript } = this;
    const file: BoundFile = typescript.createSourceFile(
      "cell.ts",
      text,
      typescript.ScriptTarget.ES2022,
      true,
    );
    (typescript as unknown as Internals).bindSourceFile(file, {});
    // Of a cell that declares nothing, the converter makes no second program.
    if (!file.locals || file.locals.size === 0) return false;
    this.isShown = true;
    this.show({ getSourceFile: () => file } as unknown as Builder);
    return true;
  }

  /** Shows the converter the program again that it had, if there is no newer one: nothing has changed. */
  settle(): void {
    if (this.isShown && this.last) this.show(this.last);
    this.isShown = false;
  }

  private show(builder: Builder): void {
    this.host?.afterProgramCreate?.(builder);
  }
}
