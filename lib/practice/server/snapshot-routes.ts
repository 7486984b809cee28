/**
 * The routes of the bitnodes API:
 *
 *   GET /api/v1/snapshots/?page=1&limit=10      the list, newest first
 *   GET /api/v1/snapshots/latest/               the newest snapshot
 *   GET /api/v1/snapshots/<timestamp>/          an older one
 *
 * `?fields=5` or `?fields=13` asks for that many fields per node, where there are several forms.
 */
import type { Snapshot } from "../../bitnodes/api";
import { type JsonReply, type JsonRequest, NOT_FOUND } from "./json-server";

/** How many fields per node are asked for. */
export type FieldCount = 5 | 13;

/** The snapshots that an API has. */
export interface Snapshots {
  /** Unix times of all snapshots, newest first. */
  readonly timestamps: readonly number[];
  /** Returns the snapshot of that time, or undefined if there is none. */
  at(timestamp: number, fields: FieldCount): Snapshot | undefined;
  /** Returns the entry of that time in the list of snapshots. */
  summary(timestamp: number): Omit<Snapshot, "nodes">;
}

/** The path of the base URL. */
export const BASE = "/api/v1/";
const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

/** Answers requests for snapshots. */
export class SnapshotRoutes {
  /** Bodies of the newest snapshot, by number of fields, cached because each has some 2 MB. */
  private readonly latest = new Map<FieldCount, Buffer>();

  /** `fields` is how many fields there are unless asked. */
  constructor(
    private readonly snapshots: Snapshots,
    private readonly fields: FieldCount,
  ) {}

  /** Returns the answer to a request for a path below the base URL. */
  answer({ origin, pathname, query }: JsonRequest): JsonReply {
    const path = pathname.startsWith(BASE) ? pathname.slice(BASE.length) : "";
    if (path === "snapshots/") return this.list(`${origin}${BASE}snapshots/`, query);
    const [, which] = /^snapshots\/(latest|\d+)\/$/.exec(path) ?? [];
    if (which) return this.snapshot(which, query);
    return /^snapshots(\/(latest|\d+))?$/.test(path) ? movedTo(`${pathname}/?${query}`) : NOT_FOUND;
  }

  private list(url: string, query: URLSearchParams): JsonReply {
    const page = Number(query.get("page") ?? 1);
    const limit = Math.min(MAX_LIMIT, Number(query.get("limit")) || DEFAULT_LIMIT);
    const { timestamps } = this.snapshots;
    const pages = Math.ceil(timestamps.length / limit);
    if (!(page >= 1 && page <= pages)) return { status: 404, body: { detail: "Invalid page." } };
    const link = (n: number) => (n >= 1 && n <= pages ? `${url}?limit=${limit}&page=${n}` : null);
    const results = timestamps.slice((page - 1) * limit, page * limit).map((timestamp) => ({
      url: `${url}${timestamp}/`,
      ...this.snapshots.summary(timestamp),
    }));
    const body = { count: timestamps.length, next: link(page + 1), previous: link(page - 1), results };
    return { status: 200, body };
  }

  private snapshot(which: string, query: URLSearchParams): JsonReply {
    const fields = fieldsOf(query.get("fields")) ?? this.fields;
    const [latest] = this.snapshots.timestamps;
    if (which === "latest" || Number(which) === latest) {
      const body = this.latest.get(fields) ?? Buffer.from(JSON.stringify(this.snapshots.at(latest, fields)));
      this.latest.set(fields, body);
      return { status: 200, body };
    }
    const older = this.snapshots.at(Number(which), fields);
    return older ? { status: 200, body: older } : NOT_FOUND;
  }
}

function fieldsOf(text: string | null): FieldCount | undefined {
  return text === "5" ? 5 : text === "13" ? 13 : undefined;
}

/** Redirects to the path with a slash at its end, as bitnodes does. */
function movedTo(path: string): JsonReply {
  return { status: 301, body: {}, headers: { location: path.replace(/\?$/, "") } };
}
