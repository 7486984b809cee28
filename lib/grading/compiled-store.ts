/**
 * What was compiled, kept in a file: the setup and the declarations are the same for everybody, and an answer or a
 * notebook that has not changed is not compiled again.
 *
 * The file is the grader's alone. No code of a learner runs in a process that writes it, and none that runs behind
 * walls can read it.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { KeyedLines } from "../util/keyed-lines";
import { DIST, LIB } from "../util/paths";

/** The packages that are installed, in which versions. npm writes it. */
const PACKAGES = path.join(LIB, "..", "node_modules", ".package-lock.json");

export class CompiledStore<Value extends object> {
  private readonly lines: KeyedLines;

  private constructor(
    file: string,
    maxBytes: number,
    private readonly fingerprint: string,
  ) {
    this.lines = new KeyedLines(file, { maxBytes });
  }

  /**
   * Opens the file; one of more than `maxBytes` bytes begins anew, since all of it is read.
   *
   * Returns undefined if there cannot be one, or if nothing says which packages are installed.
   */
  static open<Value extends object>(file: string, maxBytes: number): CompiledStore<Value> | undefined {
    try {
      return new CompiledStore<Value>(file, maxBytes, compilerFingerprint());
    } catch {
      return undefined;
    }
  }

  get(source: string): Value | undefined {
    return (this.lines.get(this.keyOf(source)) as { compiled?: Value } | undefined)?.compiled;
  }

  /** Adds a value. If the disk is full, it is not kept. */
  add(source: string, compiled: Value): void {
    try {
      this.lines.add(this.keyOf(source), { compiled });
    } catch {
      // it is compiled again the next time
    }
  }

  private keyOf(source: string): string {
    return createHash("sha256").update(this.fingerprint).update(source).digest("hex");
  }
}

/** Returns a hash of all that a compiled cell depends on besides its source: Node.js, packages, the library's types. */
function compilerFingerprint(): string {
  const hash = createHash("sha256").update(process.versions.node).update(fs.readFileSync(PACKAGES));
  const names = fs.readdirSync(DIST, { recursive: true, encoding: "utf8" }).sort();
  const isOurs = (name: string): boolean => /^(kernel|grading)[/\\][^/\\]*\.js$/.test(name);
  for (const name of names.filter((name) => name.endsWith(".d.ts") || isOurs(name)))
    hash.update(name).update(fs.readFileSync(path.join(DIST, name)));
  return hash.digest("hex");
}
