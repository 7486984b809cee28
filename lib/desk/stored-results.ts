/**
 * Keeps results of lessons in a file, a line each, by a hash of what they depend on. So grading goes on where
 * it was interrupted, and what has not changed is not graded again.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { Graded } from "../grading/grade";
import { KeyedLines } from "../util/keyed-lines";
import { DIST } from "../util/paths";

/** What is kept of a lesson's grading. */
export type LessonGrade = Pick<Graded, "notes" | "outputs"> & { exercises: Graded["result"]["exercises"] };

const line = z.object({
  key: z.string(),
  graded: z.object({
    exercises: z.array(z.looseObject({ id: z.string() })),
    notes: z.array(z.looseObject({})),
    outputs: z.record(z.string(), z.string()),
  }),
});

/** Largest file that is read again; a larger one begins anew. */
const MAX_BYTES = 256e6;

export class StoredResults {
  private readonly lines: KeyedLines;

  /** Opens the file, which is made if there is none. */
  constructor(file: string) {
    this.lines = new KeyedLines(file, { maxBytes: MAX_BYTES, flush: true });
  }

  has(key: string): boolean {
    return this.lines.has(key);
  }

  /** Returns a result; undefined if there is none, or if its line is no longer what it was. */
  get(key: string): LessonGrade | undefined {
    const read = line.safeParse(this.lines.get(key));
    return read.success ? (read.data.graded as unknown as LessonGrade) : undefined;
  }

  /** Adds a result. It is on disk when this returns. */
  add(key: string, graded: LessonGrade): void {
    this.lines.add(key, { graded });
  }
}

/** Returns a hash of all that a result depends on but for the submission: the compiled library, and Node. */
export function graderFingerprint(): string {
  const hash = createHash("sha256").update(process.versions.node);
  const files = fs
    .readdirSync(DIST, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(js|json)$/.test(name));
  for (const name of files.sort()) {
    if (name.startsWith(`desk${path.sep}`)) continue;
    hash.update(name).update(fs.readFileSync(path.join(DIST, name)));
  }
  return hash.digest("hex");
}
