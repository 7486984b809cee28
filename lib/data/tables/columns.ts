/**
 * The columns of our tables: the name of each, its SQL type, and how to get its value.
 *
 * Names are those of the messages' fields in snake case, with a unit where it is not obvious.
 * Missing values are NULL.
 */
import { addressString, type AddressTuple } from "../../peer/address";
import type { NodeDetails, Snapshot } from "../../bitnodes/api";
import { nodesToAddressTuples } from "../../bitnodes/addresses";
import { escapeInvalidBytes } from "../../wire/text";
import { toUnixMs } from "../../util/clock";
import { VersionMessage } from "../../wire/version-message";
import type { Visit } from "../../peer/visit";

/** The JavaScript type for each SQL type. A TIMESTAMP is Unix time in milliseconds. */
export interface ColumnValues {
  BIGINT: bigint;
  BLOB: Uint8Array;
  BOOLEAN: boolean;
  DOUBLE: number;
  INTEGER: number;
  TIMESTAMP: number;
  UBIGINT: bigint;
  VARCHAR: string;
}

/** One column. `of` returns its value for a row. */
export interface Column<Row> {
  name: string;
  type: keyof ColumnValues;
  of(row: Row): ColumnValues[keyof ColumnValues] | null | undefined;
}

function column<Row, Type extends keyof ColumnValues>(
  name: string,
  type: Type,
  of: (row: Row) => ColumnValues[Type] | null | undefined,
): Column<Row> {
  return { name, type, of };
}

/** Returns the columns of `visits`. Times in `…_ms` count from the start of the earliest visit. */
export function visitColumns(visits: Visit[]): Column<Visit>[] {
  const start = visits.reduce((earliest, { startedAt }) => Math.min(earliest, startedAt), Infinity);
  const since = (moment: number | undefined) => (moment === undefined ? null : moment - start);
  const startedAt = toUnixMs(start);
  return [
    column("address", "VARCHAR", ({ address }) => escapeInvalidBytes(addressString(address))),
    column("host", "VARCHAR", ({ address: [host] }) => escapeInvalidBytes(host)),
    column("port", "INTEGER", ({ address: [, port] }) => port),
    column("worker", "VARCHAR", ({ worker }) => worker),
    column("started_at", "TIMESTAMP", (visit) => startedAt + visit.startedAt - start),
    column("started_ms", "DOUBLE", (visit) => since(visit.startedAt)),
    column("connected_ms", "DOUBLE", (visit) => since(visit.connectedAt)),
    column("sent_ms", "DOUBLE", (visit) => since(visit.sentAt)),
    column("first_byte_ms", "DOUBLE", (visit) => since(visit.firstByteAt)),
    column("ended_ms", "DOUBLE", (visit) => since(visit.endedAt)),
    ...MESSAGE_COLUMNS.map(({ of, ...rest }) => ({
      ...rest,
      of: ({ versionMessage }: Visit) => versionMessage && of(versionMessage),
    })),
    column("error_code", "VARCHAR", ({ error }) => error?.code),
    column("error_message", "VARCHAR", ({ error }) => error && escapeInvalidBytes(error.message)),
  ];
}

/** The fields of a version message, and its exact bytes. */
const MESSAGE_COLUMNS: Column<VersionMessage>[] = [
  column("protocol_version", "INTEGER", ({ version }) => version),
  column("services", "UBIGINT", ({ services }) => services),
  column("peer_time", "BIGINT", ({ timestamp }) => timestamp),
  column("user_agent", "VARCHAR", ({ userAgent }) => escapeInvalidBytes(userAgent)),
  column("start_height", "INTEGER", ({ startHeight }) => startHeight),
  column("relay", "BOOLEAN", ({ relay }) => relay),
  column("version_payload", "BLOB", (message) => payloadOf(message)),
];

/** Returns the bytes of a version message, which may be a learner's plain object with the same fields. */
function payloadOf(message: VersionMessage): Uint8Array {
  return message instanceof VersionMessage ? message.toBytes() : new VersionMessage(message).toBytes();
}

/** One node of a snapshot. */
interface SnapshotRow {
  address: AddressTuple;
  details: NodeDetails;
}

/**
 * Returns the rows of `snapshot`, in the order of its keys.
 *
 * Throws an Error that names a key that is not an address.
 */
export function snapshotRows({ nodes }: Snapshot): SnapshotRow[] {
  const details = Object.values(nodes);
  return nodesToAddressTuples(nodes).map((address, i) => ({ address, details: details[i] }));
}

/** The columns of `snapshot`. From `hostname` on they are NULL in snapshots since November 2025. */
export const SNAPSHOT_COLUMNS: Column<SnapshotRow>[] = [
  column("address", "VARCHAR", ({ address }) => escapeInvalidBytes(addressString(address))),
  column("host", "VARCHAR", ({ address: [host] }) => escapeInvalidBytes(host)),
  column("port", "INTEGER", ({ address: [, port] }) => port),
  detail("protocol_version", "BIGINT", ([version]) => integer(version)),
  detail("user_agent", "VARCHAR", ([, userAgent]) => escapeInvalidBytes(userAgent)),
  detail("connected_since", "TIMESTAMP", ([, , since]) => since * 1000),
  detail("services", "UBIGINT", ([, , , services]) => unsigned(services)),
  detail("height", "BIGINT", ([, , , , height]) => integer(height)),
  detail("hostname", "VARCHAR", (details) => textOrNull(details[5])),
  detail("city", "VARCHAR", (details) => textOrNull(details[6])),
  detail("country", "VARCHAR", (details) => textOrNull(details[7])),
  detail("latitude", "DOUBLE", (details) => details[8]),
  detail("longitude", "DOUBLE", (details) => details[9]),
  detail("timezone", "VARCHAR", (details) => textOrNull(details[10])),
  detail("asn", "VARCHAR", (details) => textOrNull(details[11])),
  detail("organisation", "VARCHAR", (details) => textOrNull(details[12])),
];

function detail<Type extends keyof ColumnValues>(
  name: string,
  type: Type,
  of: (details: NodeDetails) => ColumnValues[Type] | null | undefined,
): Column<SnapshotRow> {
  return column(name, type, ({ details }) => of(details));
}

function textOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : escapeInvalidBytes(text);
}

/**
 * Returns the number as a bigint, or null if it is not an integer: the JSON of an API may have any number.
 */
function integer(number: number): bigint | null {
  return Number.isSafeInteger(number) ? BigInt(number) : null;
}

function unsigned(number: number): bigint | null {
  return Number.isInteger(number) && number >= 0 && number < 2 ** 64 ? BigInt(number) : null;
}
