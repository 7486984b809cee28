/**
 * Visits as JSON Lines (https://jsonlines.org), which `npm run crawl -- --json` writes.
 *
 * A line is a visit with times in Unix milliseconds, bigints as decimal strings, and the bytes of the
 * version message as a hexadecimal string. Text is well-formed, so that any program can read it: a byte
 * of a user agent that is not UTF-8 is `\xff` in `userAgent`, and unchanged in `versionPayload`.
 */
import fs from "node:fs";
import { z } from "zod";
import { errorOfCode } from "../peer/errors";
import { escapeInvalidBytes } from "../wire/text";
import { fromUnixMs, toUnixMs } from "../util/clock";
import { VersionMessage } from "../wire/version-message";
import type { Visit } from "../peer/visit";

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
  const line = { address: visit.address, worker: visit.worker, ...timesOf(visit) };
  if (versionMessage) {
    const versionPayload = Buffer.from(versionMessage.toBytes()).toString("hex");
    return JSON.stringify({ ...line, versionMessage, versionPayload }, jsonValue);
  }
  return JSON.stringify(
    { ...line, error: error && { code: error.code ?? "ERROR", message: error.message } },
    jsonValue,
  );
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

const lineShape = z
  .object({
    address: z.tuple([z.string().min(1), z.int().min(1).max(65_535)]),
    worker: z.string().optional(),
    startedAt: z.number(),
    connectedAt: z.number().optional(),
    sentAt: z.number().optional(),
    firstByteAt: z.number().optional(),
    endedAt: z.number(),
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
    throw new Error(`expected a visit as JSON, got "${line.slice(0, 60)}"`);
  }
  const result = lineShape.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`expected a visit; at ${issue.path.join(".") || "the top"}: ${issue.message}`);
}

/** The content of a file of lines. */
export interface VisitLines {
  visits: Visit[];
  /** The length of all complete lines, in bytes. */
  wholeBytes: number;
  /** How many bytes follow: a last line whose writing was interrupted. */
  cutBytes: number;
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
  const bytes = readBytes(file);
  const wholeBytes = bytes.lastIndexOf(NEWLINE) + 1;
  const cut = bytes.subarray(wholeBytes).toString();
  const lines = bytes.subarray(0, wholeBytes).toString().split("\n").slice(0, -1);
  const visits = lines.map((line, i) => inFile(file, i + 1, () => parseVisitLine(line)));
  if (!cut.startsWith(BEGINNING) && !BEGINNING.startsWith(cut)) {
    inFile(file, lines.length + 1, () => parseVisitLine(cut));
  }
  return { visits, wholeBytes, cutBytes: bytes.length - wholeBytes };
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
