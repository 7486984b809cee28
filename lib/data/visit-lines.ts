/**
 * Visits as JSON Lines (https://jsonlines.org), which `npm run crawl -- --json` writes.
 *
 * A line is a visit with times in Unix milliseconds, bigints as decimal strings, and the bytes of the
 * version message as a hexadecimal string. Text is well-formed, so that any program can read it: a byte
 * of a user agent that is not UTF-8 is `\xff` in `userAgent`, and unchanged in `versionPayload`. Unprintable
 * characters are escaped, because lines may be printed.
 *
 * A file may hold what other programs put there: npm's lines before the first visit, PowerShell's byte order
 * mark or UTF-16, NULs after a power cut.
 */
import fs from "node:fs";
import { z } from "zod";
import { errorOfCode } from "../peer/errors";
import { escapeInvalidBytes, printable, printableJson } from "../wire/text";
import { fromUnixMs, toUnixMs } from "../util/clock";
import { VersionMessage } from "../wire/version-message";
import { GOSSIP_OUTCOMES, type Visit } from "../peer/visit";

/**
 * A file that `npm run crawl -- --json` did not write, or that cannot be read.
 *
 * The message names the file and the line.
 */
export class VisitLineError extends Error {
  override readonly name = "VisitLineError";
}

/** Returns the visit as one line, without the newline. */
export function visitLine(visit: Visit): string {
  const { versionMessage, error } = visit;
  const line = { address: visit.address, worker: visit.worker, transport: visit.transport, ...timesOf(visit) };
  if (versionMessage) {
    const versionPayload = Buffer.from(versionMessage.toBytes()).toString("hex");
    return lineOf({ ...line, gossip: visit.gossip, told: visit.told, versionMessage, versionPayload });
  }
  return lineOf({ ...line, error: error && { code: error.code ?? "ERROR", message: error.message } });
}

function lineOf(value: object): string {
  return printableJson(JSON.stringify(value, jsonValue));
}

const TIMES = ["startedAt", "connectedAt", "sentAt", "firstByteAt", "endedAt"] as const;
type Times = Pick<Visit, (typeof TIMES)[number]>;

/** Returns the times of a visit in Unix milliseconds, to the microsecond. */
function timesOf(visit: Visit): Times {
  return shifted(visit, toUnixMs(visit.startedAt) - visit.startedAt, (ms) => Math.round(ms * 1000) / 1000);
}

/** Returns the times that a visit has, `byMs` milliseconds later, each passed through `round`. */
function shifted(times: Times, byMs: number, round: (ms: number) => number = (ms) => ms): Times {
  const known = TIMES.filter((name) => times[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, round(times[name]! + byMs)])) as unknown as Times;
}

/** Writes bigints as digits, and text well-formed. */
function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  return typeof value === "string" ? escapeInvalidBytes(value) : value;
}

/** Returns whether a host may have this port: only I2P names have port 0. */
function isAddress([host, port]: [host: string, port: number]): boolean {
  return port > 0 || host.endsWith(".i2p");
}

const lineShape = z
  .object({
    address: z.tuple([z.string().min(1), z.int().min(0).max(65_535)]).refine(isAddress, {
      path: [1],
      message: "expected a port from 1 to 65535, got 0",
    }),
    worker: z.string().optional(),
    transport: z.enum(["v1", "v2"]).optional(),
    startedAt: z.number(),
    connectedAt: z.number().optional(),
    sentAt: z.number().optional(),
    firstByteAt: z.number().optional(),
    endedAt: z.number(),
    gossip: z.enum(GOSSIP_OUTCOMES).optional(),
    told: z.int().min(0).optional(),
    versionPayload: z
      .string()
      .regex(/^([0-9a-f]{2})+$/)
      .optional(),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
  })
  .refine(({ versionPayload, error }) => Boolean(versionPayload) !== Boolean(error), {
    message: "expected either versionPayload or error",
  });

/**
 * Returns the visit in a line, with its times on this machine's monotonic clock.
 *
 * @throws Error that says what is wrong with the line.
 */
export function parseVisitLine(line: string): Visit {
  const { versionPayload, error, ...visit } = parseShape(line);
  const times = shifted(visit, fromUnixMs(visit.startedAt) - visit.startedAt);
  const message = versionPayload && VersionMessage.fromBytes(Buffer.from(versionPayload, "hex"));
  return {
    ...visit,
    ...times,
    ...(message ? { versionMessage: message } : { error: errorOfCode(error!.code, error!.message) }),
  };
}

function parseShape(line: string): z.infer<typeof lineShape> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new Error(`expected a visit as JSON, got "${printable(line.slice(0, 60))}"`);
  }
  const result = lineShape.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`expected a visit; at ${issue.path.join(".") || "the top"}: ${printable(issue.message)}`);
}

/** The content of a file of lines. */
export interface VisitLines {
  visits: Visit[];
  /** The length of all complete lines, in bytes of UTF-8. */
  wholeBytes: number;
  /** How many bytes follow: a last line whose writing was interrupted. */
  cutBytes: number;
  /** The complete lines as UTF-8, if the file is UTF-16: lines cannot be appended to that. */
  converted?: Buffer;
}

/** How every line begins: this tells an interrupted line from a file of another kind. */
const BEGINNING = '{"address":[';
const NEWLINE = 0x0a;

/**
 * Reads the visits in the lines of `file`. An interrupted last line is left out.
 *
 * @throws VisitLineError if a line is not a visit, or the file cannot be read.
 */
export function readVisitLines(file: string): VisitLines {
  const { bytes, isConverted } = asUtf8(readBytes(file));
  const wholeBytes = bytes.lastIndexOf(NEWLINE) + 1;
  const whole = bytes.subarray(0, wholeBytes);
  const lines = withoutMark(whole.toString()).split("\n").slice(0, -1);
  const visits = lines.flatMap((line, i) =>
    isNoVisit(line) ? [] : [inFile(file, i + 1, () => parseVisitLine(line))],
  );
  const cut = withoutMark(bytes.subarray(wholeBytes).toString()).replace(/\0+$/, ""); // NULs of a power cut
  if (!cut.startsWith(BEGINNING) && !BEGINNING.startsWith(cut) && !isNoVisit(cut)) {
    inFile(file, lines.length + 1, () => parseVisitLine(cut));
  }
  const cutBytes = bytes.length - wholeBytes;
  return { visits, wholeBytes, cutBytes, ...(isConverted && { converted: whole }) };
}

/** Returns whether a line is empty, or one of the lines beginning with `>` in which npm names its command. */
function isNoVisit(line: string): boolean {
  return line.startsWith(">") || line.trim() === "";
}

function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, "");
}

/** Returns the bytes as UTF-8: PowerShell's `>` writes UTF-16, with a byte order mark. */
function asUtf8(bytes: Buffer): { bytes: Buffer; isConverted: boolean } {
  const mark = bytes.subarray(0, 2).toString("hex");
  if (mark !== "fffe" && mark !== "feff") return { bytes, isConverted: false };
  const utf16 = Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)));
  const text = (mark === "fffe" ? utf16 : utf16.swap16()).toString("utf16le");
  return { bytes: Buffer.from(text), isConverted: true };
}

function readBytes(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new VisitLineError(
      code === "ENOENT" ? `there is no file ${file}` : `${file} cannot be read: ${message}`,
    );
  }
}

function inFile<T>(file: string, line: number, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new VisitLineError(`${file}, line ${line}: ${(error as Error).message}`);
  }
}
