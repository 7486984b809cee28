/** Reads visits back from the table `visits`. */
import { errorOfCode } from "../../peer/errors";
import { fromUnixMs } from "../../util/clock";
import { withoutUndefined } from "../../util/without-undefined";
import { VersionMessage } from "../../wire/version-message";
import type { Visit } from "../../peer/visit";
import type { Database } from "./database";

/**
 * Times in microseconds and bytes in hexadecimal, so that nothing is lost. All columns, because files of
 * earlier versions lack some: `transport`.
 */
const COLUMNS = "*, epoch_us(started_at) AS started_us";

interface Row {
  host: string;
  port: number;
  worker: string | null;
  /** Missing in files from before there was v2. */
  transport?: "v1" | "v2" | null;
  started_us: number;
  started_ms: number;
  connected_ms: number | null;
  sent_ms: number | null;
  first_byte_ms: number | null;
  ended_ms: number;
  /** In hexadecimal. */
  version_payload: string | null;
  error_code: string | null;
  error_message: string | null;
}

/** Reads the visits in the table, in its order, with their times on this machine's monotonic clock. */
export async function storedVisits(database: Database): Promise<Visit[]> {
  const rows = (await database.rows(`SELECT ${COLUMNS} FROM visits`)) as unknown as Row[];
  if (rows.length === 0) return [];
  const start = fromUnixMs(rows[0].started_us / 1000 - rows[0].started_ms);
  return rows.map((row) => visitOf(row, start));
}

function visitOf(row: Row, start: number): Visit {
  const moment = (ms: number | null) => (ms === null ? undefined : start + ms);
  const visit: Visit = {
    address: [row.host, row.port],
    worker: row.worker ?? undefined,
    transport: row.transport ?? undefined,
    startedAt: start + row.started_ms,
    connectedAt: moment(row.connected_ms),
    sentAt: moment(row.sent_ms),
    firstByteAt: moment(row.first_byte_ms),
    endedAt: start + row.ended_ms,
    versionMessage: messageOf(row.version_payload),
    error: row.error_code === null ? undefined : errorOfCode(row.error_code, row.error_message ?? ""),
  };
  return withoutUndefined(visit);
}

function messageOf(payload: string | null): VersionMessage | undefined {
  return payload === null ? undefined : VersionMessage.fromBytes(Buffer.from(payload, "hex"));
}
