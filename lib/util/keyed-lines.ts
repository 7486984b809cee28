/**
 * A file of values, a line of JSON each, by the hash of what the value depends on. Only the places of the lines are
 * kept in memory.
 */
import fs from "node:fs";
import path from "node:path";

interface KeyedLinesOptions {
  /** Largest file that is read again, in bytes; a larger one begins anew. */
  maxBytes: number;
  /** Whether a value is on disk when `add` returns. */
  flush?: boolean;
}

export class KeyedLines {
  private readonly places = new Map<string, [start: number, length: number]>();
  private readonly flush: boolean;
  private end = 0;

  /** Opens the file, which is made if there is none. A line that was cut off, or is none, is passed over. */
  constructor(
    private readonly file: string,
    { maxBytes, flush = false }: KeyedLinesOptions,
  ) {
    this.flush = flush;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    if (!fs.existsSync(file) || fs.statSync(file).size > maxBytes)
      fs.writeFileSync(file, "", { mode: 0o600 });
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

  /** Returns the line of a key, parsed; undefined if there is none, or if it is no longer what it was. */
  get(key: string): { key: string } | undefined {
    const place = this.places.get(key);
    if (!place) return undefined;
    try {
      const read = JSON.parse(this.read(...place)) as { key?: unknown } | null;
      return read?.key === key ? { ...read, key } : undefined;
    } catch {
      return undefined; // the file was changed meanwhile
    }
  }

  /** Adds a line. */
  add(key: string, value: object): void {
    const text = JSON.stringify({ key, ...value }) + "\n";
    this.places.set(key, [this.end, Buffer.byteLength(text) - 1]);
    this.write(text);
  }

  private read(start: number, length: number): string {
    const bytes = Buffer.alloc(length);
    const descriptor = fs.openSync(this.file, "r");
    try {
      fs.readSync(descriptor, bytes, 0, length, start);
      return bytes.toString("utf8");
    } finally {
      fs.closeSync(descriptor);
    }
  }

  private write(text: string): void {
    fs.appendFileSync(this.file, text, { flush: this.flush });
    this.end += Buffer.byteLength(text);
  }
}
