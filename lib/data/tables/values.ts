/** What DuckDB gives back, as values that tables and plots can use. */
import type { DuckDBValueConverter } from "@duckdb/node-api";

/** Text, numbers and the like; lists and structs of them. */
export type TableValue = string | number | boolean | null | TableValue[] | { [name: string]: TableValue };

/** The package @duckdb/node-api, which takes a moment to load. */
export type DuckDB = typeof import("@duckdb/node-api");

/**
 * A converter of DuckDB's values: integers and decimals are numbers (an integer that no number can be
 * exactly is its digits), bytes are hexadecimal, lists and structs are lists and objects, and times and
 * all else are text as DuckDB writes it, which is text that plotly understands.
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
