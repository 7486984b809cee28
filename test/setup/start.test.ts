/** `npm start` from beginning to end, with JupyterLab, kernels and the practice network, each way it can be stopped. */
import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { courseFolder } from "../../scripts/setup/paths";
import { family, listProcesses } from "../../scripts/setup/processes";
import { type Command, freePort, onTerminal, program, script } from "../helpers/course";
import { isThere, untilGone } from "../helpers/gone";
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

  /** Starts a kernel, and returns its process id. */
  async startKernel(): Promise<number> {
    const body = JSON.stringify({ name: "tslab", path: "notebooks" });
    const response = await this.ask("api/kernels", { method: "POST", body });
    const { id } = (await response.json()) as { id: string };
    const processes = await listProcesses();
    return processes.find(({ command }) => command.includes(`kernel-${id}.json`))!.pid;
  }

  /** Returns the ids of all processes of this start. */
  async processes(): Promise<number[]> {
    const runtime = path.join(courseFolder, "runtime", String(this.port)) + path.sep;
    const pid = this.command.child.pid!;
    return [pid, ...family(await listProcesses(), pid, runtime)];
  }

  async jupyter(): Promise<number> {
    const processes = await listProcesses();
    return processes.find(({ command }) => command.includes(`--ServerApp.port=${this.port}`))!.pid;
  }

  /** Calls `stop`, and waits until every process that was there before is gone. */
  async stoppedBy(stop: () => unknown): Promise<void> {
    const pids = await this.processes();
    await stop();
    await untilGone(pids);
    expect(existsSync(path.join(courseFolder, "runtime", String(this.port)))).toBe(false);
  }
}

async function startLab(start: (args: string[]) => Command): Promise<Lab> {
  const port = await freePort();
  const command = start(["--no-browser", "--port", String(port)]);
  const [, token] = await command.says(
    /The course is at http:\/\/127\.0\.0\.1:\d+\/lab\/tree\/notebooks\/00-welcome\.ipynb\?token=(\w+)/,
  );
  return new Lab(command, port, token);
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
    await lab.startKernel();
    const ours = await lab.processes();
    const networks = (await listProcesses()).filter(({ command }) =>
      /practice.server.child-main/.test(command),
    );
    expect(networks.filter(({ pid }) => ours.includes(pid))).toHaveLength(1);
    await lab.stoppedBy(() => lab.command.child.kill("SIGUSR1"));
    expect(await lab.command.exitCode()).toBe(0);
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
    const kernel = await lab.startKernel();
    await lab.stoppedBy(async () => process.kill(await lab.jupyter(), "SIGKILL"));
    expect(await lab.command.exitCode()).toBe(1);
    expect(lab.command.output).toMatch(
      /JupyterLab has ended by itself; the last line of \.course\/jupyterlab-\d+\.log is: /,
    );
    expect(isThere(kernel)).toBe(false);
  },
  PROGRAM,
);
