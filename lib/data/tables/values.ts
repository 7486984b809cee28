/** Converts DuckDB's values to values that tables and plots can use. */
import type { DuckDBValueConverter } from "@duckdb/node-api";

/** A value in a row. */
export type TableValue = string | number | boolean | null | TableValue[] | { [name: string]: TableValue };

/** The package @duckdb/node-api, which is imported when the first database opens. */
export type DuckDB = typeof import("@duckdb/node-api");

/**
 * Returns a converter of DuckDB's values.
 *
 *  - integers and decimals become numbers; integers that a number cannot hold exactly become decimal strings
 *  - bytes become hexadecimal strings
 *  - lists and structs become arrays and objects
 *  - times and all other values become text as DuckDB writes it, which plotly can parse
 */
export function plainValues(duckdb: DuckDB): DuckDBValueConverter<TableValue> {
  return (value, type, convert): TableValue => {
    if (value === null || typeof value === "boolean" || typeof value === "number") return value;
    if (typeof value === "string") return value;
    if (typeof value === "bigint") return numberOrDigits(value);
    if (value instanceof duckdb.DuckDBDecimalValue) return value.toDouble();
    if (value instanceof duckdb.DuckDBBlobValue) return Buffer.from(value.bytes).toString("hex");
    if (value instanceof duckdb.DuckDBListValue && type instanceof duckdb.DuckDBListType) {
      return value.items.map((item) => convert(item, type.valueType, convert));
    }
    if (value instanceof duckdb.DuckDBStructValue && type instanceof duckdb.DuckDBStructType) {
      const entries = type.entryNames.map((name, i) => [
        name,
        convert(value.entries[name], type.entryTypes[i], convert),
      ]);
      return Object.fromEntries(entries) as TableValue;
    }
    return String(value);
  };
}

function numberOrDigits(value: bigint): number | string {
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
