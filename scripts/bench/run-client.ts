/**
 * Runs the clients under measurement, each run in a new process.
 *
 * The clients in TypeScript are compiled here and run without tsx, whose compiler would count as their
 * memory.
 */
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { OUR_VERSION, toHex } from "@course/lib/wire";
import ts from "typescript";
import type { ClientJob, Measured } from "./clients/job";
import { onCore } from "./cores";

const SOURCES = path.join(__dirname, "clients");
const COMPILED = path.join(__dirname, "..", "..", ".course", "bench");
/** Time limit for one run, in milliseconds: no run takes as long. */
const LIMIT_MS = 600_000;

export type ClientName = "crawl" | "discover" | "bare" | "asyncio";

/** Compiles the clients in TypeScript. Once is enough for all runs. */
export function compileClients(): void {
  mkdirSync(COMPILED, { recursive: true });
  for (const name of readdirSync(SOURCES).filter((file) => file.endsWith(".ts"))) {
    const { outputText } = ts.transpileModule(readFileSync(path.join(SOURCES, name), "utf8"), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.CommonJS,
        esModuleInterop: true,
      },
    });
    writeFileSync(path.join(COMPILED, name.replace(/ts$/, "js")), outputText);
  }
}

/**
 * Runs a client, on the core for clients unless it has threads.
 *
 * @throws Error with the client's output if the client fails.
 */
export async function runClient(
  client: ClientName,
  job: ClientJob,
  nodeFlags: string[] = [],
): Promise<Measured> {
  const command =
    client === "asyncio"
      ? [
          "python3",
          path.join(SOURCES, "asyncio_client.py"),
          JSON.stringify({ ...job, ourVersion: toHex(OUR_VERSION) }),
        ]
      : [process.execPath, ...nodeFlags, path.join(COMPILED, `${client}.js`), JSON.stringify(job)];
  const [file, ...args] = job.threads === undefined ? onCore("client", command) : command;
  const { stdout } = await promisify(execFile)(file, args, { timeout: LIMIT_MS, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as Measured;
}
