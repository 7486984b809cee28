/**
 * Keeps results of lessons in a file, a line each, by a hash of what they depend on. So grading goes on where
 * it was interrupted, and what has not changed is not graded again.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { Graded } from "../grading/grade";
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
  private readonly places = new Map<string, [start: number, length: number]>();
  private end = 0;

  /** Opens the file, which is made if there is none. A line that was cut off, or is none, is passed over. */
  constructor(private readonly file: string) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    if (!fs.existsSync(file) || fs.statSync(file).size > MAX_BYTES) fs.writeFileSync(file, "");
    const bytes = fs.readFileSync(file);
    for (let start = 0; start < bytes.length;) {
      const newline = bytes.indexOf(10, start);
      const end = newline === -1 ? bytes.length : newline;
      const [, key] =
        /^\{"key":"([0-9a-f]{64})"/.exec(bytes.subarray(start, start + 80).toString("latin1")) ?? [];
      if (key !== undefined && newline !== -1) this.places.set(key, [start, end - start]);
      start = end + 1;
    }
    this.end = bytes.length;
    if (bytes.length > 0 && bytes.at(-1) !== 10) this.write("\n");
  }

  has(key: string): boolean {
    return this.places.has(key);
  }

  /** Returns a result; undefined if there is none, or if its line is no longer what it was. */
  get(key: string): LessonGrade | undefined {
    const place = this.places.get(key);
    if (!place) return undefined;
    const bytes = Buffer.alloc(place[1]);
    const descriptor = fs.openSync(this.file, "r");
    try {
      fs.readSync(descriptor, bytes, 0, place[1], place[0]);
      const read = line.safeParse(JSON.parse(bytes.toString("utf8")));
      return read.success && read.data.key === key ? (read.data.graded as unknown as LessonGrade) : undefined;
    } catch {
      return undefined; // the file was changed meanwhile
    } finally {
      fs.closeSync(descriptor);
    }
  }

  /** Adds a result. It is on disk when this returns. */
  add(key: string, graded: LessonGrade): void {
    const text = JSON.stringify({ key, graded }) + "\n";
    this.places.set(key, [this.end, Buffer.byteLength(text) - 1]);
    this.write(text);
  }

  private write(text: string): void {
    fs.appendFileSync(this.file, text, { flush: true });
    this.end += Buffer.byteLength(text);
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
