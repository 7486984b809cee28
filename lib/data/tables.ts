/**
 * The crawl and the snapshot as tables, for questions that SQL says better: joins, quantiles, the most
 * frequent with their shares.
 *
 * The tables are DuckDB's (https://duckdb.org/docs/stable/sql/introduction): `visits`, a row a visit, and
 * `snapshot`, a row a node; lib/tables/columns.ts has their columns, `DESCRIBE visits` lists them. Both write
 * addresses alike, so they can be joined. In text a byte that is not UTF-8 is `\xff`; what a peer sent to
 * the last byte is `version_payload`.
 */
import fs from "node:fs";
import path from "node:path";
import { backUp } from "../util/backups";
import { moveOver, temporaryFor } from "../util/files";
import type { Snapshot } from "../bitnodes/api";
import { SNAPSHOT_COLUMNS, snapshotRows, visitColumns } from "./tables/columns";
import { BoundValue, createTable, type Database, openDatabase } from "./tables/database";
import { storedVisits } from "./tables/stored-visits";
import type { Visit } from "../peer/visit";
import { readVisitLines } from "./visit-lines";

export interface TableSources {
  /** What the table `visits` is made of. */
  visits?: Visit[];
  /** What the table `snapshot` is made of. */
  snapshot?: Snapshot;
  /** A file that `saveCrawl` wrote, or `npm run crawl -- --json`. Tables that are not given come from there; the file is only read. */
  file?: string;
}

export interface Tables {
  /**
   * The rows that the last statement of `text` gives, with values that tables and plots can use: numbers, text,
   * null. `values` are bound to `$name` or `$1`. Rejects with DuckDB's error if it is not SQL, or there is no such table.
   */
  sql<Row = Record<string, unknown>>(
    text: string,
    values?: Record<string, BoundValue> | BoundValue[],
  ): Promise<Row[]>;
  /** The visits in the table `visits`, as they were. */
  visits(): Promise<Visit[]>;
  /** Gives the memory back. A file is let go. */
  close(): void;
}

/** The tables of what is given, in memory. Rejects with an Error that names a file or an address that cannot be read. */
export async function openTables({ visits, snapshot, file }: TableSources): Promise<Tables> {
  const database = await (file === undefined ? openDatabase() : openSaved(file, visits !== undefined));
  try {
    if (visits) await addVisits(database, visits, true);
    if (snapshot) await addSnapshot(database, snapshot, true);
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    sql: <Row>(text: string, values?: Record<string, BoundValue> | BoundValue[]) =>
      database.rows(text, values) as Promise<Row[]>,
    visits: () => storedVisits(database),
    close: () => database.close(),
  };
}

/** The tables of a crawl that `saveCrawl` wrote (`.duckdb`, `.parquet`), or `npm run crawl -- --json` (`.jsonl`). Several programs may open it at once. Rejects with an Error that names a file that cannot be read. */
export function openCrawl(file: string): Promise<Tables> {
  return openTables({ file });
}

/** Where a crawl was kept. */
export interface SavedCrawl {
  file: string;
  /** Where the file of that name that was there before is kept. */
  copy?: string;
}

/**
 * Keeps a crawl in a file that DuckDB and others can open: `.duckdb` with visits and, if it is given, the
 * snapshot, or `.parquet` with the visits alone. Resolves when all of it is there. A file of that name that
 * is there already is kept in `.course/backups`. Rejects with a RangeError if the name ends in neither.
 */
export async function saveCrawl(visits: Visit[], file: string, snapshot?: Snapshot): Promise<SavedCrawl> {
  const format = formatOf(file, ["duckdb", "parquet"]);
  if (format === "parquet" && snapshot) {
    throw new RangeError(
      `${file}: a Parquet file holds one table, the visits: leave the snapshot out, or use a name that ends in .duckdb`,
    );
  }
  const temporary = temporaryFor(file);
  try {
    await (format === "parquet" ? writeParquet(visits, temporary) : writeDuckDB(visits, temporary, snapshot));
    const copy = fs.existsSync(file) ? backUp(file, fs.readFileSync(file)) : undefined;
    moveOver(temporary, file);
    return copy ? { file, copy } : { file };
  } finally {
    for (const left of [temporary, `${temporary}.wal`]) fs.rmSync(left, { force: true });
  }
}


type Format = "duckdb" | "parquet" | "jsonl";

/** What kind of file it is, by the end of its name. Throws a RangeError unless it is one of these. */
function formatOf(file: string, known: Format[]): Format {
  const format = known.find((name) => file.toLowerCase().endsWith(`.${name}`));
  if (format) return format;
  const ends = known.map((name) => `.${name}`);
  throw new RangeError(
    `expected a file name that ends in ${ends.slice(0, -1).join(", ")} or ${ends.at(-1)}, got "${file}"`,
  );
}

async function writeDuckDB(visits: Visit[], file: string, snapshot?: Snapshot): Promise<void> {
  const database = await openDatabase(file);
  try {
    await addVisits(database, visits, false);
    if (snapshot) await addSnapshot(database, snapshot, false);
  } finally {
    database.close();
  }
}

async function writeParquet(visits: Visit[], file: string): Promise<void> {
  const database = await openDatabase();
  try {
    await addVisits(database, visits, true);
    await database.rows("COPY visits TO $1 (FORMAT parquet)", [file]);
  } finally {
    database.close();
  }
}

/** The database of a kept crawl. Visits from a file that is no database are read into memory, unless they are to be others. */
async function openSaved(file: string, otherVisits: boolean): Promise<Database> {
  const format = formatOf(file, ["duckdb", "parquet", "jsonl"]);
  if (!fs.existsSync(file)) {
    throw new Error(`there is no file ${path.resolve(file)}: saveCrawl(visits, file) makes one`);
  }
  if (format === "duckdb") return openDatabase(file, "read");
  const database = await openDatabase();
  if (!otherVisits) await (format === "parquet" ? readParquet(database, file) : readLines(database, file));
  return database;
}

async function readParquet(database: Database, file: string): Promise<void> {
  await database.rows("CREATE TEMPORARY TABLE visits AS SELECT * FROM read_parquet($1)", [file]);
}

async function readLines(database: Database, file: string): Promise<void> {
  await addVisits(database, readVisitLines(file).visits, true);
}

async function addVisits(database: Database, visits: Visit[], temporary: boolean): Promise<void> {
  await createTable(database, { name: "visits", temporary, columns: visitColumns(visits), rows: visits });
}

async function addSnapshot(database: Database, snapshot: Snapshot, temporary: boolean): Promise<void> {
  const rows = snapshotRows(snapshot);
  await createTable(database, { name: "snapshot", temporary, columns: SNAPSHOT_COLUMNS, rows });
}
