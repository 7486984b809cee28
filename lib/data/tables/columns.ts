/**
 * The columns of our tables: the name of each, its SQL type, and how to get its value.
 *
 * Names are those of the messages' fields in snake case, with a unit where it is not obvious.
 * Missing values are NULL.
 */
import { type AddressTuple, nodeKey, parseAddress } from "../../peer/address";
import type { NodeDetails, Snapshot } from "../../bitnodes/api";
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
    column("address", "VARCHAR", ({ address }) => nodeAddress(address)),
    column("host", "VARCHAR", ({ address: [host] }) => escapeInvalidBytes(host)),
    column("port", "INTEGER", ({ address: [, port] }) => port),
    column("worker", "VARCHAR", ({ worker }) => worker),
    column("transport", "VARCHAR", ({ transport }) => transport),
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

/** Returns the address that joins the tables: a node has one, however a list or a visit writes it. */
function nodeAddress(address: AddressTuple): string {
  return escapeInvalidBytes(nodeKey(address));
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

/** One node of a snapshot. A key that is not an address has no host and port. */
interface SnapshotRow {
  key: string;
  address?: AddressTuple;
  details: NodeDetails;
}

/** Returns the rows of `snapshot`, in the order of its keys. */
export function snapshotRows({ nodes }: Snapshot): SnapshotRow[] {
  return Object.entries(nodes).map(([key, details]) => ({ key, address: tupleOrUndefined(key), details }));
}

/** Returns the address in a name. A list may have names of networks to come: they cost nobody the other rows. */
function tupleOrUndefined(key: string): AddressTuple | undefined {
  try {
    return parseAddress(key);
  } catch {
    return undefined;
  }
}

/**
 * The columns of `snapshot`. From `hostname` on they are NULL in snapshots since November 2025.
 *
 * If a key is not an address, `address` is the key, and `host` and `port` are NULL.
 */
export const SNAPSHOT_COLUMNS: Column<SnapshotRow>[] = [
  column("address", "VARCHAR", ({ key, address }) =>
    address ? nodeAddress(address) : escapeInvalidBytes(key),
  ),
  column("host", "VARCHAR", ({ address }) => textOrNull(address?.[0])),
  column("port", "INTEGER", ({ address }) => address?.[1]),
  detail("protocol_version", "BIGINT", ([version]) => integer(version)),
  detail("user_agent", "VARCHAR", ([, userAgent]) => textOrNull(userAgent)),
  detail("connected_since", "TIMESTAMP", ([, , since]) => milliseconds(since)),
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
 * Returns the number as a bigint, or null if it is not an integer of at most 53 bits: the JSON of an API
 * may have any number.
 */
function integer(number: number | null | undefined): bigint | null {
  return Number.isSafeInteger(number) ? BigInt(number!) : null;
}

/**
 * Returns the number as a bigint, or null if it is not an integer from 0 up.
 *
 * An integer of more bits may have lost its last digits when its JSON was read.
 */
function unsigned(number: number | null | undefined): bigint | null {
  return (number ?? -1) >= 0 ? integer(number) : null;
}

/** Returns Unix time in milliseconds, or null if a TIMESTAMP, in microseconds, cannot hold it. */
function milliseconds(seconds: number | null | undefined): number | null {
  if (typeof seconds !== "number") return null;
  return Number.isSafeInteger(Math.round(seconds * 1e6)) ? seconds * 1000 : null;
}
