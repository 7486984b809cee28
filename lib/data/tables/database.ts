/** DuckDB, and tables in it made of rows: nothing here is written as SQL that a peer could have a say in. */
import type { DuckDBAppender, DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

import type { Column, ColumnValues } from "./columns";
import { type DuckDB, plainValues, type TableValue } from "./values";

/** An open database with one connection. */
export interface Database {
  duckdb: DuckDB;
  connection: DuckDBConnection;
  /** The rows that the last statement of `text` gives; `values` are bound to its `$name` or `$1`. */
  rows(
    text: string,
    values?: Record<string, BoundValue> | BoundValue[],
  ): Promise<Record<string, TableValue>[]>;
  close(): void;
}

/** Opens the database at `file`, to be written or only to be read; with no file one in memory. Loads DuckDB first, in some tenths of a second. */
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

/** Makes the table `name` of rows; a temporary one is gone with the database's closing, and comes before one of that name in a file. */
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

/** A table to be made. Names of tables and columns are ours. */
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

/** What can be bound to a place in a statement. */
export type BoundValue = string | number | bigint | boolean | null;
