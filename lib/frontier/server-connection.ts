/**
 * A connection to the server of a shared crawl, which is made anew after it was lost.
 *
 * Every step may be repeated after an error: the script takes the same visit, and the same address, once.
 */
import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { printable } from "../wire/text";
import { parseServerAddress, type ServerAddress } from "./address";
import { FrontierError } from "./errors";
import { KEYS, keyPrefix, SCRIPT, SCRIPT_WHEN_FULL, STEPS_WHEN_FULL } from "./script";
import { explainedError, messageOf, troubleOf } from "./trouble";

/** How long connecting, and each step, may take, in milliseconds. */
const ANSWER_MS = 10_000;
/** Redis 7 is the first that runs the script as a whole or not at all. */
const MIN_VERSION = 7;

/** What a reply of Redis is made of. */
export type Reply = string | number | null | Reply[];

/** Returns the fields of a flat list in rows of `length`. */
export function rowsOf<Row extends Reply[]>(fields: readonly Reply[], length: number): Row[] {
  const rows: Row[] = [];
  for (let i = 0; i < fields.length; i += length) rows.push(fields.slice(i, i + length) as Row);
  return rows;
}

const withSha1 = (text: string) => ({ text, sha1: createHash("sha1").update(text).digest("hex") });
const ANY_STEP = withSha1(SCRIPT);
const STEP_WHEN_FULL = withSha1(SCRIPT_WHEN_FULL);

export class ServerConnection {
  /** Which start of the server this is connected to: another one after a restart. */
  runId = "";
  private readonly address: ServerAddress;
  private redis: Promise<Redis> | undefined;
  private isClosed = false;

  /**
   * `url` is an address as `parseServerAddress` reads it, `crawl` the id of the crawl.
   *
   * @throws FrontierError BAD_URL
   */
  constructor(
    url: string,
    readonly crawl: string,
  ) {
    this.address = parseServerAddress(url);
  }

  /** The server's address without user and password. */
  get shown(): string {
    return this.address.shown;
  }

  /** Throws an error of a step or a command as a sentence for people: `connection.run(…).catch(connection.explain)`. */
  readonly explain = (error: unknown): never => {
    throw explainedError(error, this.shown);
  };

  /** Runs a step of the script, and connects first if need be. Rejects with what `troubleOf` explains. */
  async run(step: string, ...args: (string | number)[]): Promise<Reply[]> {
    const script = STEPS_WHEN_FULL.has(step) ? STEP_WHEN_FULL : ANY_STEP;
    const rest = [1, keyPrefix(this.crawl), step, ...args];
    return this.command(async (redis) => {
      try {
        return (await redis.call("EVALSHA", script.sha1, ...rest)) as Reply[];
      } catch (error) {
        if (!messageOf(error).startsWith("NOSCRIPT")) throw error;
        return (await redis.call("EVAL", script.text, ...rest)) as Reply[];
      }
    });
  }

  /** Connects, if this is not connected. */
  async connect(): Promise<void> {
    await this.command(async () => {});
  }

  /** Returns what the server says of itself: `redis_version`, `maxmemory_policy` and others. */
  async info(): Promise<Map<string, string>> {
    return this.command(readInfo);
  }

  /** Sends any command of Redis. */
  async ask([command, ...words]: readonly (string | number)[]): Promise<unknown> {
    return this.command(async (redis) => redis.call(String(command), ...words));
  }

  /** Deletes the crawl's keys. Returns how many there were. */
  async deleteKeys(): Promise<number> {
    const names = KEYS.map((key) => `${keyPrefix(this.crawl)}:${key}`);
    return this.command(async (redis) => redis.unlink(...names));
  }

  close(): void {
    this.isClosed = true;
    this.drop();
  }

  private async command<T>(use: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      return await use(await (this.redis ??= this.connected()));
    } catch (error) {
      if (troubleOf(error) === "lost") this.drop();
      throw error;
    }
  }

  private async connected(): Promise<Redis> {
    // Loaded here, so that a crawl on one machine never loads it.
    const { Redis: Client } = await import("ioredis");
    const redis = new Client({
      ...this.address.options,
      protocol: 2,
      lazyConnect: true,
      enableReadyCheck: false,
      enableOfflineQueue: false,
      disableClientInfo: true,
      retryStrategy: () => null, // `run` connects again
      connectTimeout: ANSWER_MS,
      commandTimeout: ANSWER_MS,
    });
    let cause: unknown;
    redis.on("error", (error) => (cause = error));
    try {
      await redis.connect();
      this.runId = (await readInfo(redis)).get("run_id") ?? "";
    } catch (error) {
      redis.disconnect();
      throw cause ?? error;
    }
    if (this.isClosed) redis.disconnect();
    return redis;
  }

  private drop(): void {
    this.redis?.then((redis) => redis.disconnect()).catch(() => {});
    this.redis = undefined;
  }
}

async function readInfo(redis: Redis): Promise<Map<string, string>> {
  const lines = (await redis.info()).split("\r\n").filter((line) => line.includes(":"));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]));
}

/**
 * Checks that a server can keep a crawl. Returns a warning if it would forget it in a restart.
 *
 * @throws FrontierError OLD_SERVER, or EVICTS if it deletes keys when it is full.
 */
export function requireUsable(info: ReadonlyMap<string, string>, shown: string): string | undefined {
  const version = info.get("redis_version") ?? "an unknown version";
  if (!(Number.parseInt(version) >= MIN_VERSION)) {
    throw new FrontierError(
      "OLD_SERVER",
      `expected Redis 7 or newer (or Valkey) at ${shown}, got ${printable(version)}: install a newer one`,
    );
  }
  const policy = info.get("maxmemory_policy") ?? "noeviction";
  if (policy !== "noeviction" && info.get("maxmemory") !== "0") {
    throw new FrontierError(
      "EVICTS",
      `the server at ${shown} deletes keys when it is full (maxmemory-policy ${printable(policy)}), and with them parts of the crawl: set it to noeviction`,
    );
  }
  if (info.get("aof_enabled") === "1") return undefined;
  return `The server at ${shown} writes no journal: a restart of it may lose the crawl. To keep it, set appendonly yes there.`;
}
