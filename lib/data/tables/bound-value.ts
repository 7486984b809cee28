/**
 * A value that can be bound to a parameter of a statement.
 *
 * It stands apart from what stands on DuckDB's types: those are long, and each notebook that imports the library would
 * have them compiled.
 */
export type BoundValue = string | number | bigint | boolean | null;
