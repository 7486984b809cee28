/**
 * A worker of a shared crawl in a process of its own: what another machine is, on one computer.
 *
 * It ends with the process that started it.
 */
import { fork } from "node:child_process";
import os from "node:os";
import path from "node:path";
import type { AddressTuple } from "../peer/address";
import { ServerConnection } from "./server-connection";
import { joinCrawl } from "./join";

export interface MachineOptions {
  /** How many calls it makes at a time. Default: 50. */
  concurrency?: number;
  /** Default: `practice`. */
  network?: string;
}

/** What a machine is told, as JSON in FRONTIER_TASK. */
export interface MachineTask extends Required<MachineOptions> {
  url: string;
  crawl: string;
  name: string;
}

export interface Machine {
  name: string;
  pid: number;
  /** Ends it at once, as a power cut would: it has no time to say anything. */
  kill(): void;
  /** Asks it to leave the crawl: it gives back what it has, and ends. */
  leave(): void;
  /** Resolves when it has ended. */
  ended: Promise<void>;
}

/** Starts a machine that works on a crawl until that is over. */
export function startMachine(
  url: string,
  crawl: string,
  name: string,
  { concurrency = 50, network = "practice" }: MachineOptions = {},
): Machine {
  const task: MachineTask = { url, crawl, name, concurrency, network };
  const child = fork(path.join(__dirname, "scripts", "machine.js"), [], {
    env: { ...process.env, FRONTIER_TASK: JSON.stringify(task) }, // not an argument: the URL may have a password
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    name,
    pid: child.pid!,
    kill: () => void child.kill("SIGKILL"),
    leave: () => void (child.connected && child.disconnect()),
    ended,
  };
}

/**
 * Begins a crawl with these addresses, if the server has none of that id. Returns whether it was begun.
 *
 * @throws FrontierError if the server cannot be used.
 */
export async function beginCrawl(
  url: string,
  crawl: string,
  seeds: readonly AddressTuple[],
  { network = "practice", maxAddresses }: Pick<MachineOptions, "network"> & { maxAddresses?: number } = {},
): Promise<boolean> {
  const connection = new ServerConnection(url, crawl);
  try {
    const { isNew } = await joinCrawl(connection, os.hostname(), { network, maxAddresses }, seeds);
    return isNew;
  } finally {
    connection.close();
  }
}

/**
 * Asks the server in Redis's own words, as `redis-cli` does: `await askServer(url, "XLEN", key)`.
 *
 * Resolves to what it answers. Rejects with its error.
 */
export async function askServer(url: string, ...words: (string | number)[]): Promise<unknown> {
  const connection = new ServerConnection(url, "");
  try {
    return await connection.ask(words);
  } finally {
    connection.close();
  }
}
