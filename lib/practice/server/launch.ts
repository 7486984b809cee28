/**
 * Starts a practice network in a process of its own (child-main.ts), which ends with this one.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { request } from "undici";
import { fetchGroundTruth } from "./fetch-ground-truth";
import type { ConnectionCounts } from "./listeners";
import type { Report } from "./child-main";
import { PracticeError, type PracticeErrorCode } from "./practice-error";
import type { PracticeNetwork, PracticeOptions } from "./server";

/** A practice network in another process. */
export interface LaunchedPracticeNetwork extends PracticeNetwork {
  /** Process id of the child. */
  readonly pid: number;
}

/**
 * Starts a practice network in a child process.
 *
 * The child ends with this process, and does not keep this process alive.
 *
 * @throws PracticeError whose message says what to do.
 */
export async function startPracticeNetwork(options: PracticeOptions = {}): Promise<LaunchedPracticeNetwork> {
  const child = fork(path.join(__dirname, "child-main.js"), [JSON.stringify(options)], {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const report = await firstReport(child);
  if ("error" in report) throw toPracticeError(report.error);
  child.unref();
  child.channel?.unref();
  return networkOf(child, report.network);
}

function firstReport(child: ChildProcess): Promise<Report> {
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as Report));
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      reject(
        new PracticeError(
          "ENDED",
          `the practice network ended before it was up (${signal ?? `exit ${code}`})`,
        ),
      ),
    );
  });
}

type Launched = Extract<Report, { network: unknown }>["network"];

/** Returns the network in `child`, whose methods send requests to its API. */
function networkOf(child: ChildProcess, network: Launched): LaunchedPracticeNetwork {
  const page = (name: string) => new URL(`/practice/${name}`, network.api);
  return {
    ...network,
    pid: child.pid!,
    truth: () => fetchGroundTruth(network.api),
    statistics: async () => (await (await request(page("statistics"))).body.json()) as ConnectionCounts,
    throttle: async (on) => {
      const { body } = await request(page("throttled"), { method: on ? "PUT" : "DELETE" });
      await body.dump();
    },
    close: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

function toPracticeError({ code, message }: { code?: string; message: string }): Error {
  return code ? new PracticeError(code as PracticeErrorCode, message) : new Error(message);
}
