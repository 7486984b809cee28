/** Talks to a JupyterHub and to its users' servers, as a service of it does. */
import { once } from "node:events";
import { randomUUID } from "node:crypto";
import { WebSocket } from "undici";
import { until } from "../helpers/gone";

const POLL_MS = 100;

export class HubClient {
  constructor(
    private readonly origin: string,
    private readonly token: string,
    /** Returns what the hub and its servers have printed. */
    private readonly log: () => string,
  ) {}

  /** Sends a request. Resolves to the value in the answer. Throws unless it is one of success. */
  async ask(method: string, route: string, body?: unknown): Promise<unknown> {
    const text = await this.text(method, route, body);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** The same, for answers that are not JSON. */
  async text(method: string, route: string, body?: unknown): Promise<string> {
    const response = await fetch(`${this.origin}${route}`, {
      method,
      headers: { authorization: `token ${this.token}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${text}`);
    return text;
  }

  /** Asks until the hub answers. */
  async untilUp(): Promise<void> {
    await until(
      async () => (await this.ask("GET", "/hub/api/").catch(() => undefined)) !== undefined,
      POLL_MS,
    );
  }

  /** Makes a user, starts their server unless it runs, and waits until it is ready. Throws if it has ended. */
  async startServer(name: string): Promise<void> {
    await this.ask("POST", `/hub/api/users/${name}`).catch(() => {}); // there already
    if (!(await this.hasServer(name))) await this.ask("POST", `/hub/api/users/${name}/server`);
    await until(() => this.isReady(name), POLL_MS);
  }

  /** Stops a user's server with its kernels, and waits until it is gone. */
  async stopServer(name: string): Promise<void> {
    await this.ask("DELETE", `/hub/api/users/${name}/server`);
    await until(async () => !(await this.hasServer(name)), POLL_MS);
  }

  private async servers(name: string): Promise<Record<string, { ready: boolean }>> {
    const user = (await this.ask("GET", `/hub/api/users/${name}`)) as {
      servers: Record<string, { ready: boolean }>;
    };
    return user.servers;
  }

  private async isReady(name: string): Promise<boolean> {
    const server = (await this.servers(name))[""];
    if (!server) throw new Error(`the server of ${name} did not start:\n${this.log().slice(-20_000)}`);
    return server.ready;
  }

  private async hasServer(name: string): Promise<boolean> {
    return "" in (await this.servers(name));
  }

  /** Starts a kernel of ours in a user's server, in a folder of theirs. */
  async startKernel(name: string, folder: string): Promise<HubKernel> {
    const session = { name: "x", path: `${folder}/x.ipynb`, type: "notebook", kernel: { name: "tslab" } };
    const { kernel } = (await this.ask("POST", `/user/${name}/api/sessions`, session)) as {
      kernel: { id: string };
    };
    const address = `${this.origin.replace("http", "ws")}/user/${name}/api/kernels/${kernel.id}/channels`;
    const socket = new WebSocket(address, { headers: { authorization: `token ${this.token}` } });
    await once(socket, "open");
    return new HubKernel(socket, this.log);
  }
}

interface Message {
  header: { msg_type: string };
  parent_header: { msg_id?: string };
  content: { text?: string; evalue?: string; execution_state?: string };
}

/** A kernel behind a hub's proxy. */
export class HubKernel {
  constructor(
    private readonly socket: WebSocket,
    private readonly log: () => string,
  ) {}

  /** Runs a cell to its end. Resolves to what it has printed. Throws if it fails. */
  run(code: string): Promise<string> {
    const id = randomUUID();
    const header = { msg_id: id, msg_type: "execute_request", session: id, username: "", version: "5.3" };
    const content = { code, silent: false, store_history: true, allow_stdin: false, stop_on_error: true };
    return new Promise((resolve, reject) => {
      let printed = "";
      const hear = ({ data }: { data: unknown }) => {
        const { header, parent_header: parent, content } = JSON.parse(String(data)) as Message;
        if (parent.msg_id !== id) return;
        if (header.msg_type === "stream") printed += content.text;
        if (header.msg_type === "error") reject(new Error(content.evalue));
        if (content.execution_state === "idle") {
          this.socket.removeEventListener("message", hear);
          resolve(printed);
        }
      };
      this.socket.addEventListener("message", hear);
      const onClose = ({ code, reason }: { code: number; reason: string }) => {
        const log = this.log().slice(-20_000);
        reject(new Error(`the kernel's socket has closed (${code} ${reason}):\n${log}`));
      };
      this.socket.addEventListener("close", onClose, { once: true });
      this.socket.send(
        JSON.stringify({ channel: "shell", header, parent_header: {}, metadata: {}, content }),
      );
    });
  }

  close(): void {
    this.socket.close();
  }
}
