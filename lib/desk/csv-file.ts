/**
 * Changes fields of a CSV file, and nothing else of it: not the encoding, the separator, the quotes or the
 * line ends.
 *
 * The bytes are read as Latin-1, so that those which are not ours pass through, whatever their encoding is.
 */
import { parse } from "csv-parse/sync";
import { UsageError } from "../util/usage-error";

interface Field {
  /** Its bytes, a character each. */
  raw: string;
  isQuoted: boolean;
}

const MARK = "\u00ef\u00bb\u00bf"; // the byte order mark of UTF-8, read as Latin-1

export class CsvFile {
  private constructor(
    private readonly rows: Field[][],
    private readonly form: { mark: string; separator: string; newline: string; end: string },
  ) {}

  /**
   * Reads a CSV file.
   *
   * @throws UsageError if these bytes are none that could be written back as it is.
   */
  static parse(bytes: Buffer): CsvFile {
    const all = bytes.toString("latin1");
    if (all.includes("\0")) throw new UsageError("it is in UTF-16 or no text: save it as CSV in UTF-8");
    const mark = all.startsWith(MARK) ? MARK : "";
    const text = all.slice(mark.length);
    const newline = text.includes("\r\n") ? "\r\n" : "\n";
    const header = text.split(newline)[0];
    const separator = [",", ";", "\t"].sort((a, b) => header.split(b).length - header.split(a).length)[0];
    const end = text.endsWith(newline) ? newline : "";
    const file = new CsvFile(rowsOf(text, separator, newline), { mark, separator, newline, end });
    if (!file.toBytes().equals(bytes))
      throw new UsageError("its quotes or line ends are unusual: export it anew");
    return file;
  }

  get header(): string[] {
    return this.row(0);
  }

  get length(): number {
    return this.rows.length;
  }

  /** Returns the text of a row's fields. */
  row(index: number): string[] {
    return (this.rows[index] ?? []).map(({ raw }) => Buffer.from(raw, "latin1").toString("utf8"));
  }

  /** Sets a field to a number. Leaves a field alone that holds the same number already. */
  set(row: number, column: number, value: number): void {
    const field = this.rows[row][column];
    if (!field) throw new UsageError(`line ${row + 1} has no column ${column + 1}`);
    const isSame = field.raw.trim() !== "" && Number(field.raw) === value;
    if (!isSame) field.raw = String(value);
  }

  toBytes(): Buffer {
    const { mark, separator, newline, end } = this.form;
    const lines = this.rows.map((row) =>
      row.map(({ raw, isQuoted }) => (isQuoted ? `"${raw.replaceAll('"', '""')}"` : raw)).join(separator),
    );
    return Buffer.from(mark + lines.join(newline) + end, "latin1");
  }
}

function rowsOf(text: string, delimiter: string, newline: string): Field[][] {
  try {
    return parse(text, {
      delimiter,
      record_delimiter: newline,
      relax_column_count: true,
      skip_empty_lines: false,
      cast: (raw, { quoting }) => ({ raw, isQuoted: quoting }),
    }) as unknown as Field[][];
  } catch (error) {
    throw new UsageError(`it is no CSV file: ${(error as Error).message}`);
  }
}
