/**
 * Opens DuckDB databases and creates tables from rows.
 *
 * Peer data is always bound or appended, never put into SQL text.
 */
import type { DuckDBAppender, DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { BoundValue } from "./bound-value";
import type { Column, ColumnValues } from "./columns";
import { type DuckDB, plainValues, type TableValue } from "./values";

/** An open database with one connection. */
export interface Database {
  duckdb: DuckDB;
  connection: DuckDBConnection;
  /**
   * Runs SQL statements and resolves with the rows of the last one.
   *
   * `values` are bound to `$name` or `$1`.
   */
  rows(
    text: string,
    values?: Record<string, BoundValue> | BoundValue[],
  ): Promise<Record<string, TableValue>[]>;
  close(): void;
}

/**
 * Opens the database at `file`, or one in memory if no file is given.
 *
 * Loads DuckDB first, which takes some tenths of a second.
 */
export async function openDatabase(file?: string, access: "write" | "read" = "write"): Promise<Database> {
  const duckdb = await import("@duckdb/node-api");
  const mode = access === "read" ? "READ_ONLY" : "READ_WRITE";
  const instance = await duckdb.DuckDBInstance.create(
    file ?? ":memory:",
    file ? { access_mode: mode } : undefined,
  );
  return databaseOf(duckdb, instance, await instance.connect());
}

function databaseOf(duckdb: DuckDB, instance: DuckDBInstance, connection: DuckDBConnection): Database {
  const convert = plainValues(duckdb);
  return {
    duckdb,
    connection,
    async rows(text, values = {}) {
      const result = await connection.run(text, values);
      return result.convertRowObjects(convert);
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/**
 * Creates the table `name` from rows.
 *
 * A temporary table lasts until the database closes, and hides a table of that name in a file.
 */
export async function createTable<Row>(
  { duckdb, connection }: Database,
  { name, temporary, columns, rows }: NewTable<Row>,
): Promise<void> {
  const list = columns.map((column) => `"${column.name}" ${column.type}`).join(", ");
  await connection.run(`CREATE ${temporary ? "TEMPORARY " : ""}TABLE "${name}" (${list})`);
  const [catalog, schema] = temporary ? ["temp", "main"] : [null, null];
  const appender = await connection.createAppender(name, schema, catalog);
  const append = appendersOf(duckdb, appender);
  for (const row of rows) {
    for (const { type, of } of columns) {
      const value = of(row);
      if (value === null || value === undefined) appender.appendNull();
      else append[type](value as never);
    }
    appender.endRow();
  }
  appender.closeSync();
}

/** A table to create. Names of tables and columns are ours, so they may stand in SQL text. */
interface NewTable<Row> {
  name: string;
  temporary: boolean;
  columns: Column<Row>[];
  rows: Row[];
}

type Appenders = { [Type in keyof ColumnValues]: (value: ColumnValues[Type]) => void };

function appendersOf({ DuckDBTimestampValue }: DuckDB, appender: DuckDBAppender): Appenders {
  return {
    BIGINT: (value) => appender.appendBigInt(value),
    BLOB: (value) => appender.appendBlob(value),
    BOOLEAN: (value) => appender.appendBoolean(value),
    DOUBLE: (value) => appender.appendDouble(value),
    INTEGER: (value) => appender.appendInteger(value),
    TIMESTAMP: (ms) => appender.appendTimestamp(new DuckDBTimestampValue(BigInt(Math.round(ms * 1000)))),
    UBIGINT: (value) => appender.appendUBigInt(value),
    VARCHAR: (value) => appender.appendVarchar(value),
  };
}
