/**
 * The crawl and the snapshot as DuckDB tables, for questions that are easier in SQL: joins, quantiles,
 * frequencies with their shares (https://duckdb.org/docs/stable/sql/introduction).
 *
 * `visits` has a row per visit, `snapshot` a row per node. tables/columns.ts defines their columns;
 * `DESCRIBE visits` lists them. Both tables write the address of a node the same way, so they can be joined;
 * `host` is as the visit or the list has it. A node that a list has twice has two rows with one address.
 * In text a byte that is not UTF-8 is `\xff`; `version_payload` has the exact bytes that a peer sent.
 */
import fs from "node:fs";
import path from "node:path";
import { backUp } from "../util/backups";
import { moveOver, temporaryFor } from "../util/files";
import type { Snapshot } from "../bitnodes/api";
import { unwritable } from "./snapshots/snapshot-file";
import { SNAPSHOT_COLUMNS, snapshotRows, visitColumns } from "./tables/columns";
import type { BoundValue } from "./tables/bound-value";
import { createTable, type Database, openDatabase } from "./tables/database";
import { storedVisits } from "./tables/stored-visits";
import type { Visit } from "../peer/visit";
import { readVisitLines } from "./visit-lines";

/** Where the tables come from. */
export interface TableSources {
  /** The visits for the table `visits`. */
  visits?: Visit[];
  /** The snapshot for the table `snapshot`. */
  snapshot?: Snapshot;
  /**
   * A file that `saveCrawl` or `npm run crawl -- --json` wrote. It supplies the tables that are not given,
   * and is not changed.
   */
  file?: string;
}

/** An open set of tables. */
export interface Tables {
  /**
   * Runs SQL statements and resolves with the rows of the last one.
   *
   * Values in rows are numbers, text and null, which tables and plots can use. `values` are bound to
   * `$name` or `$1`. Rejects with DuckDB's error, for example if a table does not exist.
   */
  sql<Row = Record<string, unknown>>(
    text: string,
    values?: Record<string, BoundValue> | BoundValue[],
  ): Promise<Row[]>;
  /** Resolves with the visits in the table `visits`, as they were saved. */
  visits(): Promise<Visit[]>;
  /** Frees the memory and closes the file. */
  close(): void;
}

/**
 * Opens tables in memory, or those of a file.
 *
 * @throws Error that names the file or the address that cannot be read.
 */
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

/**
 * Opens the tables of a saved crawl: `.duckdb` or `.parquet` by `saveCrawl`, `.jsonl` by
 * `npm run crawl -- --json`. Several programs may open a file at the same time.
 *
 * @throws Error that names the file if it cannot be read.
 */
export function openCrawl(file: string): Promise<Tables> {
  return openTables({ file });
}

/** Where a crawl was saved. */
export interface SavedCrawl {
  file: string;
  /** The backup of an earlier file of that name, if there was one. */
  copy?: string;
}

/**
 * Saves a crawl in a file that DuckDB and other programs can open.
 *
 * A `.duckdb` file has the visits and, if given, the snapshot. A `.parquet` file has the visits alone.
 * An earlier file of that name is backed up in `.course/backups`.
 *
 * @throws RangeError if the name ends in neither, or a snapshot is given for a `.parquet` file.
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
    await (format === "parquet"
      ? writeParquet("visits", (database) => addVisits(database, visits, true), temporary)
      : writeDuckDB(visits, temporary, snapshot));
    const copy = fs.existsSync(file) ? backUp(file, fs.readFileSync(file)) : undefined;
    moveOver(temporary, file);
    return copy ? { file, copy } : { file };
  } finally {
    for (const leftover of [temporary, `${temporary}.wal`]) fs.rmSync(leftover, { force: true });
  }
}

/**
 * Saves a snapshot in a new Parquet file, with the columns of the table `snapshot`.
 *
 * @throws SnapshotFileError if there is a file of that name, or if it cannot be written. Then none is left.
 */
export async function saveSnapshot(snapshot: Snapshot, file: string): Promise<void> {
  let temporary: string | undefined;
  try {
    temporary = temporaryFor(file);
    await writeParquet("snapshot", (database) => addSnapshot(database, snapshot, true), temporary);
    toDisk(temporary);
    fs.linkSync(temporary, file); // which fails if the file exists
  } catch (error) {
    throw unwritable(file, error as NodeJS.ErrnoException);
  } finally {
    if (temporary !== undefined) fs.rmSync(temporary, { force: true });
  }
}

/** Waits until the content of a file is on the disk: DuckDB does not. */
function toDisk(file: string): void {
  const descriptor = fs.openSync(file, "r+");
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

type Format = "duckdb" | "parquet" | "jsonl";

/** Returns the format of a file by the end of its name. Throws a RangeError if it is not in `known`. */
function formatOf(file: string, known: Format[]): Format {
  const format = known.find((name) => file.toLowerCase().endsWith(`.${name}`));
  if (format) return format;
  const extensions = known.map((name) => `.${name}`);
  throw new RangeError(
    `expected a file name that ends in ${extensions.slice(0, -1).join(", ")} or ${extensions.at(-1)}, got "${file}"`,
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

/** Writes the table that `add` makes in a database. */
async function writeParquet(
  table: "visits" | "snapshot",
  add: (database: Database) => Promise<void>,
  file: string,
): Promise<void> {
  const database = await openDatabase();
  try {
    await add(database);
    await database.rows(`COPY ${table} TO $1 (FORMAT parquet)`, [file]);
  } finally {
    database.close();
  }
}

/**
 * Opens a saved crawl.
 *
 * Reads the visits of a file that is not a database into memory, unless others are given.
 */
async function openSaved(file: string, hasOtherVisits: boolean): Promise<Database> {
  const format = formatOf(file, ["duckdb", "parquet", "jsonl"]);
  if (!fs.existsSync(file)) {
    throw new Error(`there is no file ${path.resolve(file)}: saveCrawl(visits, file) makes one`);
  }
  if (format === "duckdb") return openDatabase(file, "read");
  const database = await openDatabase();
  if (!hasOtherVisits) await (format === "parquet" ? readParquet(database, file) : readLines(database, file));
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
