/**
 * Real Bitcoin node software, started on loopback: for recording what it says, and for trying our
 * code against it.
 *
 * The software is installed into .course/nodes/ at the first use, by its language's own package
 * client. It runs on main network parameters with an empty chain, listens on 127.0.0.1 and calls
 * nobody: no seeds, no outbound peers. Nothing of it is a dependency of the course.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, mkdtemp, rm } from "node:fs/promises";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const CACHE = path.join(__dirname, "..", ".course", "nodes");
const INSTALL_LIMIT_MS = 15 * 60_000;
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;

/** A release of node software that can be had from a package registry. */
export interface NodeSoftware {
  readonly software: string;
  readonly version: string;
  /** Its package client: `["go", "install", …]`, told to put everything into `folder`. */
  install(folder: string): { command: string[]; env?: NodeJS.ProcessEnv };
  /** The program, from the folder it was installed to. */
  readonly program: string;
  /** What it is called with to listen on a port of 127.0.0.1, keep its files in `data` and call nobody. */
  args(port: number | string, data: string): string[];
}

/** A node that runs and accepts connections. */
export interface RunningNode {
  readonly port: number;
  readonly pid: number;
  /** Its command line, without this machine's ports and paths. */
  readonly how: string;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

function btcd(version: string, args: string[] = []): NodeSoftware {
  return {
    software: "btcd",
    version,
    install: (folder) => ({
      command: ["go", "install", `github.com/btcsuite/btcd@v${version}`],
      // Without cgo, btcd looks for its home in $HOME, and leaves the user's own alone.
      env: { GOBIN: folder, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false" },
    }),
    program: "btcd",
    args: (port, data) => [
      `--listen=127.0.0.1:${port}`,
      "--connect=127.0.0.1:1",
      "--nodnsseed",
      "--norpc",
      `--datadir=${data}`,
      `--logdir=${data}`,
      ...args,
    ],
  };
}

/** The software there is, newest first. */
export const NODE_SOFTWARE: readonly NodeSoftware[] = [btcd("0.26.2")];

/** What `npm run record` calls a release: `btcd-0.26.2`. */
export function nameOf({ software, version }: NodeSoftware): string {
  return `${software}-${version}`;
}

/** Installs a release unless it is there already; the path of its program. Throws an Error that says what is missing. */
export async function install(node: NodeSoftware): Promise<string> {
  const folder = path.join(CACHE, nameOf(node));
  const program = path.join(folder, node.program);
  if (await exists(program)) return program;
  await mkdir(folder, { recursive: true });
  const { command, env } = node.install(folder);
  try {
    await promisify(execFile)(command[0], command.slice(1), {
      cwd: folder,
      env: { ...process.env, ...env },
      timeout: INSTALL_LIMIT_MS,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`${nameOf(node)} could not be installed: ${reason(command, error)}`, { cause: error });
  }
  return program;
}

function reason(command: string[], error: unknown): string {
  const { code, stderr = "" } = error as { code?: string; stderr?: string };
  if (code === "ENOENT") return `\`${command[0]}\` is not on this machine.`;
  return `\`${command.join(" ")}\` failed: ${stderr.trim().split("\n").slice(-3).join(" / ") || error}`;
}

/** Installs a release if it must be, starts it on a free port of 127.0.0.1 and waits until it accepts connections. */
export async function startNode(node: NodeSoftware): Promise<RunningNode> {
  const program = await install(node);
  const data = await mkdtemp(path.join(tmpdir(), "course-node-"));
  const port = await freePort();
  const child = spawn(program, node.args(port, data), {
    env: { ...process.env, HOME: data },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = async () => {
    await end(child);
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilItListens(node, child, port);
  } catch (error) {
    await stop();
    throw error;
  }
  const how = [path.basename(node.program), ...node.args("PORT", "DATA")].join(" ");
  return { port, pid: child.pid as number, how, stop };
}

/** Waits for a connection to succeed. Throws an Error with the node's last words if it ends before, or takes too long. */
async function untilItListens(node: NodeSoftware, child: ChildProcess, port: number): Promise<void> {
  let words = "";
  let failure: Error | undefined;
  child.stdout?.on("data", (text) => (words = `${words}${text}`.slice(-2000)));
  child.stderr?.on("data", (text) => (words = `${words}${text}`.slice(-2000)));
  child.on("error", (error) => (failure = error));
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await accepts(port))) {
    const ended = child.exitCode !== null || child.signalCode !== null || failure;
    if (ended || Date.now() > deadline) {
      const what = ended ? "ended" : `did not listen within ${START_LIMIT_MS / 1000} s`;
      throw new Error(`${nameOf(node)} ${what}. Its last words: ${failure?.message ?? words}`);
    }
    await sleep(100);
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = net.connect({ host: "127.0.0.1", port });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A port of 127.0.0.1 that nobody has at the moment. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Asks a process to end; makes it, if it will not. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const insist = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  await ended;
  clearTimeout(insist);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
