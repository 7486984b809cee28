/** `npm start` from beginning to end, with JupyterLab, kernels and the practice network, each way it can be stopped. */
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, get, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { isRunning } from "@course/lib/util";
import { expect, onTestFinished, test } from "vitest";
import { PortTaken, startJupyter } from "../../scripts/setup/jupyter";
import { courseFolder } from "../../scripts/setup/paths";
import { family, listProcesses, type ProcessEntry } from "../../scripts/setup/processes";
import { type Command, onTerminal, program, script } from "../helpers/course";
import { freePort } from "../../scripts/setup/port";
import { untilGone } from "../helpers/gone";
import { PROGRAM } from "../helpers/limits";

/** An API that refuses each connection. */
const REFUSING = "http://127.0.0.1:9/api/v1/";

class Lab {
  constructor(
    readonly command: Command,
    readonly port: number,
    readonly token: string,
  ) {}

  async ask(route: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `token ${this.token}` };
    return fetch(`http://127.0.0.1:${this.port}/${route}`, { ...init, headers });
  }

  /** Starts a kernel, and returns its id. */
  async startKernel(): Promise<string> {
    const body = JSON.stringify({ name: "tslab", path: "notebooks" });
    const response = await this.ask("api/kernels", { method: "POST", body });
    return ((await response.json()) as { id: string }).id;
  }

  /** Returns the process of a kernel. */
  async processOf(kernel: string): Promise<number> {
    const processes = await listProcesses();
    return processes.find(({ command }) => command.includes(`kernel-${kernel}.json`))!.pid;
  }

  /** Returns where a kernel listens. */
  async connectionOf(kernel: string): Promise<{ transport: string; ip: string }> {
    return JSON.parse(readFileSync(path.join(await this.runtime(), `kernel-${kernel}.json`), "utf8"));
  }

  /** Returns the ids of all processes of this start. */
  async processes(): Promise<number[]> {
    const pid = this.command.child.pid!;
    return [pid, ...family(await listProcesses(), pid, (await this.runtime()) + path.sep)];
  }

  /** Returns its JupyterLab. Another start may be trying the same port. */
  async jupyter(): Promise<ProcessEntry> {
    const processes = await listProcesses();
    const ours = family(processes, this.command.child.pid);
    const isOurs = ({ pid, command }: ProcessEntry) =>
      ours.includes(pid) && command.includes(`--ServerApp.port=${this.port}`);
    return processes.find(isOurs)!;
  }

  /** Returns the folder of its connection files: it is named by the process that started JupyterLab. */
  private async runtime(): Promise<string> {
    return path.join(courseFolder, "runtime", String((await this.jupyter()).parent));
  }

  /** Calls `stop`, and waits until every process that was there before is gone. */
  async stoppedBy(stop: () => unknown): Promise<void> {
    const [pids, runtime] = [await this.processes(), await this.runtime()];
    await stop();
    await untilGone(pids);
    expect(existsSync(runtime)).toBe(false);
  }
}

async function startLab(start: (args: string[]) => Command): Promise<Lab> {
  const port = await freePort();
  return labOf(start(["--no-browser", "--port", String(port)]));
}

/** Waits for the address that a start prints. */
async function labOf(command: Command, origin = /http:\/\/127\.0\.0\.1:(\d+)/): Promise<Lab> {
  const address = `The course is at ${origin.source}/lab/tree/notebooks/00-welcome\\.ipynb\\?token=(\\w+)`;
  const [, port, token] = await command.says(new RegExp(address));
  return new Lab(command, Number(port), token);
}

const withoutNetwork = (args: string[]) => script("start", args, { BITNODES_URL: REFUSING });

test(
  "npm start: the address it prints answers, kernels share its network, and Ctrl-C on a terminal leaves no process",
  async () => {
    const lab = await startLab((args) => onTerminal("npm", ["start", "--", ...args]));
    expect((await lab.ask("lab/tree/notebooks/00-welcome.ipynb")).status).toBe(200);
    expect((await lab.ask("api/contents/requirements.txt")).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${lab.port}/api/contents`)).status).toBe(403);
    expect(await (await lab.ask("api/kernelspecs")).json()).toMatchObject({
      default: "tslab",
      kernelspecs: { tslab: {} },
    });
    const { transport, ip } = await lab.connectionOf(await lab.startKernel());
    // A port might be given to somebody else while the kernel starts.
    if (process.platform !== "win32") expect(transport).toBe("ipc");
    const ours = await lab.processes();
    const networks = (await listProcesses()).filter(({ command }) =>
      /practice.server.child-main/.test(command),
    );
    expect(networks.filter(({ pid }) => ours.includes(pid))).toHaveLength(1);
    await lab.stoppedBy(() => lab.command.child.kill("SIGUSR1"));
    expect(await lab.command.exitCode()).toBe(0);
    if (transport === "ipc") expect(existsSync(path.dirname(ip))).toBe(false);
    expect(lab.command.output).toMatch(/Stopping JupyterLab and its kernels/);
  },
  PROGRAM,
);

test(
  "npm start -- --live: one sentence says who is called, there is no practice network, and SIGINT to npm alone leaves no process",
  async () => {
    const lab = await startLab((args) => program("npm", ["start", "--", "--live", ...args]));
    expect(lab.command.output).toMatch(/live Bitcoin network: the computers of real people/);
    expect(lab.command.output).not.toMatch(/practice/);
    await lab.stoppedBy(() => lab.command.child.kill("SIGINT"));
  },
  PROGRAM,
);

test(
  "SIGHUP to npm alone leaves no process",
  async () => {
    const lab = await startLab((args) =>
      program("npm", ["start", "--", ...args], { BITNODES_URL: REFUSING }),
    );
    await lab.stoppedBy(() => lab.command.child.kill("SIGHUP"));
  },
  PROGRAM,
);

test(
  "a start that is killed takes JupyterLab and its kernels with it",
  async () => {
    const lab = await startLab(withoutNetwork);
    await lab.startKernel();
    const pids = await lab.processes();
    lab.command.child.kill("SIGKILL");
    await untilGone(pids);
  },
  PROGRAM,
);

test(
  "a JupyterLab that ends by itself is said in a sentence, exit code 1, and its kernels end too",
  async () => {
    const lab = await startLab(withoutNetwork);
    const kernel = await lab.processOf(await lab.startKernel());
    await lab.stoppedBy(async () => process.kill((await lab.jupyter()).pid, "SIGKILL"));
    expect(await lab.command.exitCode()).toBe(1);
    expect(lab.command.output).toMatch(
      /JupyterLab has ended by itself; the last line of \.course\/jupyterlab-\d+\.log is: /,
    );
    expect(isRunning(kernel)).toBe(false);
  },
  PROGRAM,
);

/** What GitHub sets in a codespace. */
const CODESPACE = {
  CODESPACES: "true",
  CODESPACE_NAME: "fuzzy-sniffle",
  GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: "app.github.test",
};

/** Logs in and asks as a browser does, through a proxy. fetch() would set these headers itself. */
async function statusFor(lab: Lab, Host: string, Origin: string): Promise<number> {
  const ask = async (path: string, headers: OutgoingHttpHeaders) => {
    const options = { port: lab.port, path, headers: { Host, ...headers } };
    const [response] = (await once(get(options), "response")) as [IncomingMessage];
    response.resume();
    return response;
  };
  const { headers } = await ask(`/lab?token=${lab.token}`, {});
  const Cookie = headers["set-cookie"]?.map((cookie) => cookie.split(";")[0]).join("; ");
  return (await ask("/api/contents", { Origin, Cookie })).statusCode!;
}

// Both chose the same free port, and the second took the first one's answer for its own JupyterLab's.
test(
  "two starts in the same moment have a port each; behind the proxy of a codespace its address is printed, and its origin alone is allowed",
  async () => {
    const commands = [CODESPACE, {}].map((env) =>
      script("start", ["--no-browser"], { BITNODES_URL: REFUSING, ...env }),
    );
    onTestFinished(() => commands.forEach(({ child }) => void child.kill("SIGKILL")));
    const [inCodespace, other] = await Promise.all([
      labOf(commands[0], /https:\/\/fuzzy-sniffle-(\d+)\.app\.github\.test/),
      labOf(commands[1]),
    ]);
    expect(inCodespace.port).not.toBe(other.port);
    for (const lab of [inCodespace, other]) expect((await lab.ask("api/status")).status).toBe(200);

    const host = `fuzzy-sniffle-${inCodespace.port}.app.github.test`;
    const local = `localhost:${inCodespace.port}`;
    expect(await statusFor(inCodespace, host, `https://${host}`)).toBe(200);
    expect(await statusFor(inCodespace, local, `https://${host}`)).toBe(200);
    expect(await statusFor(inCodespace, local, "https://evil.test")).toBe(404);
    expect(await statusFor(inCodespace, "evil.test", `https://${host}`)).toBe(403);
    expect(await statusFor(other, `localhost:${other.port}`, `https://${host}`)).toBe(404);

    await inCodespace.stoppedBy(() => inCodespace.command.child.kill("SIGINT"));
    expect((await other.ask("api/status")).status).toBe(200);
    await other.stoppedBy(() => other.command.child.kill("SIGINT"));
  },
  PROGRAM,
);

test(
  "another server that answers on the port is not taken for JupyterLab",
  async () => {
    const foreign = createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1");
    await once(foreign, "listening");
    onTestFinished(() => void foreign.close());
    const { port } = foreign.address() as AddressInfo;
    const starting = startJupyter(port, process.env, new AbortController().signal);
    await expect(starting).rejects.toThrow(PortTaken);
    await expect(starting).rejects.toThrow(`Port ${port} is taken by another program`);
  },
  PROGRAM,
);
