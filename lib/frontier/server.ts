/**
 * Starts a Redis server of the course's own, on a socket that nobody else can open.
 *
 * It ends with the process that started it, however that ends: a shell waits for the end of its standard input,
 * and then ends the server.
 */
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { findProgram } from "../util/programs";

/** What it is called: by Redis, and by Valkey, which is the same from another house. */
const PROGRAMS = ["redis-server", "valkey-server"];
/** It takes at most this much memory; the journal is written to the disk each second. */
const SETTINGS =
  "--port 0 --unixsocketperm 700 --save '' --appendonly yes --appendfsync everysec --maxmemory 512mb --maxmemory-policy noeviction --daemonize no --logfile ''".split(
    " ",
  );
/** How long the start may take, in milliseconds. */
const START_MS = 10_000;

/** How to install one, for people. */
export const HOW_TO_INSTALL =
  "Install one with: apt install redis-server (Debian, Ubuntu), brew install redis (macOS), or dnf install valkey (Fedora).";

export interface FrontierServer {
  /** Its address: `unix:///…`. */
  url: string;
  /** The process id of the server. */
  pid: number;
  /** Ends it, and removes what it has kept, unless `folder` was given. Resolves when it has ended. */
  stop(): Promise<void>;
}

/**
 * Starts a server. Resolves to undefined if none is installed on this computer.
 *
 * `folder` is where it keeps its journal and its socket; a server that is started there again goes on with it.
 * Default: a new one, which is removed in the end.
 */
export async function startFrontierServer(folder?: string): Promise<FrontierServer | undefined> {
  const program = serverProgram();
  if (program === undefined) return undefined;
  const place = folder ?? fs.mkdtempSync(path.join(os.tmpdir(), "frontier-"));
  const socket = path.join(place, "redis.sock");
  const command = [program, ...SETTINGS, "--dir", place, "--unixsocket", socket];
  const words = command.map((word) => (word === "''" ? "" : word));
  const shell = spawn("sh", ["-c", script(folder === undefined), "sh", place, ...words], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true, // a Ctrl-C in the terminal is for its parent, which may still need it
  });
  const ended = new Promise<void>((resolve) => shell.once("close", () => resolve()));
  shell.stdin.on("error", () => {}); // the shell has ended
  const pid = await started(shell.stdout, ended);
  shell.unref();
  const stop = (): Promise<void> => {
    shell.ref();
    shell.stdin.end();
    return ended;
  };
  for (const pipe of [shell.stdin, shell.stdout]) (pipe as unknown as { unref?(): void }).unref?.();
  return { url: `unix://${socket}`, pid, stop };
}

let own: Promise<FrontierServer | undefined> | undefined;

/**
 * Returns the server of this process, and starts it at the first call. It ends with this process.
 *
 * Resolves to undefined if none is installed on this computer.
 */
export async function frontierServer(): Promise<FrontierServer | undefined> {
  return (own ??= startFrontierServer());
}

/** Starts the server, waits for the end of standard input, and ends the server. */
function script(isRemoved: boolean): string {
  const end = isRemoved ? '; rm -rf "$folder"' : "";
  return `folder=$1; shift; "$@" & echo "pid $!"; cat > /dev/null; kill $! 2> /dev/null; wait $!${end}`;
}

/** Resolves to the server's process id when it takes connections. */
async function started(output: NodeJS.ReadableStream, ended: Promise<void>): Promise<number> {
  const lines = readline.createInterface({ input: output });
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    const fail = (why: string): void =>
      reject(new Error(`the Redis server ${why}: ${said.slice(-3).join(" ")}`));
    const timer = setTimeout(() => fail("does not start"), START_MS);
    void ended.then(() => fail("has ended"));
    let pid = 0;
    lines.on("line", (line) => {
      pid ||= Number(/^pid (\d+)$/.exec(line)?.[1] ?? 0);
      said.push(line);
      if (!/ready to accept connections/i.test(line)) return;
      clearTimeout(timer);
      said.length = 0;
      resolve(pid);
    });
  });
}

/** Returns the server's program: that of COURSE_REDIS if it is set (empty for none), or what is installed. */
export function serverProgram({ COURSE_REDIS } = process.env): string | undefined {
  if (COURSE_REDIS !== undefined) return COURSE_REDIS || undefined;
  return PROGRAMS.map(findProgram).find((file) => file !== undefined);
}
