/**
 * The kernel's side of Jupyter's protocol: tslab's server, with what it leaves out.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html
 *
 *  1. a cell that fails sends an `error` message, and its reply has the same fields
 *  2. a last expression is an `execute_result`
 *  3. after an error, requests that were waiting are answered `aborted` (if it had `stop_on_error`); later ones run
 *  4. a cell is busy while it runs, and not while it waits for others
 *  5. all that a cell prints arrives, however much it is
 *  6. it listens on sockets that are files, too (`transport: "ipc"`)
 */
import { format } from "node:util";
import { isCompleteCode } from "tslab/dist/converter";
import { printQuickInfo } from "tslab/dist/inspect";
import * as jupyter from "tslab/dist/jupyter";
import type { CellRunner } from "./cell-runner";
import { OutputBuffer } from "./output-buffer";

type Message = Parameters<jupyter.ZmqServer["handleExecute"]>[1];
type Handler = jupyter.ZmqServer["handler"];
type Display = typeof jupyter.lastWriteDisplayData;
type Socket = jupyter.ZmqServer["shell"];
/** A socket of the server, all of which listen. */
interface Listening {
  bindSync(address: string): void;
}

interface ExecuteRequest {
  code: string;
  silent?: boolean;
  stop_on_error?: boolean;
}

/** An execute request that waits for its turn. */
interface Waiting {
  run(): void;
  abort(): void;
}

/** After so many turns of the event loop without a request, none is left in the socket. */
const QUIET_TURNS = 10;

export class KernelServer extends jupyter.ZmqServer {
  private count = 0;
  private isRunning = false;
  private readonly waiting: Waiting[] = [];
  private output = new OutputBuffer(() => {});

  constructor(
    private readonly runner: CellRunner,
    connectionFile: string,
  ) {
    super(handlerOf(runner), connectionFile);
    const listener = this as unknown as { bindSocket(socket: Listening, port: number): void };
    // All in one turn of the event loop: a socket that is being bound in the background takes no message, and a client
    // that has waited asks its first question as soon as one of them is bound.
    listener.bindSocket = (socket, port) => socket.bindSync(addressOf(this.connInfo, port));
  }

  override async init(): Promise<void> {
    await super.init();
    // Without this, some 500 messages in one turn of the event loop leave the socket "busy writing", and it takes no
    // other. A publisher never has to wait: it drops what nobody takes.
    this.iopub.sendTimeout = 0;
  }

  /** Publishes a status. A request is busy from its turn on: until then the kernel works for another one. */
  override publishStatus(status: string, parent: Message): void {
    if (status === "busy" && parent.header.msg_type === "execute_request") return;
    this.publish(parent, "status", { execution_state: status });
  }

  override async handleExecute(socket: Socket, message: Message): Promise<void> {
    const isAborted = await this.turn();
    this.publish(message, "status", { execution_state: "busy" });
    if (isAborted) {
      // Without a count: a front end writes it beside the cell, as if the cell had run.
      this.reply(socket, message, { status: "aborted" });
      return;
    }
    const request = message.content as ExecuteRequest;
    try {
      const content = await this.execute(request, message);
      if (content.status === "error" && request.stop_on_error !== false) await this.abortWaiting();
      this.reply(socket, message, content);
    } finally {
      this.next();
    }
  }

  override handleCommInfoRequest(socket: Socket, message: Message): void {
    this.answer(socket, message, "comm_info_reply", { status: "ok", comms: {} });
  }

  /** Runs the cell, and sends what it shows. Returns the content of the reply. */
  private async execute({ code, silent }: ExecuteRequest, message: Message) {
    if (!silent) this.count++;
    const execution_count = this.count;
    if (!silent) this.publish(message, "execute_input", { code, execution_count });
    this.directOutput(message);
    const outcome = await this.runner.run(execution_count, code);
    this.output.flush();
    if ("error" in outcome) {
      this.publish(message, "error", outcome.error);
      return { status: "error", execution_count, ...outcome.error };
    }
    if (outcome.value !== undefined && !silent) {
      const data = { "text/plain": format(outcome.value) };
      this.publish(message, "execute_result", { execution_count, data, metadata: {} });
    }
    return { status: "ok", execution_count, user_expressions: {} };
  }

  /** Ends the kernel: after the answer to a request to shut down there is nothing to wait for. */
  override close(): void {
    // What is printed from now on has nowhere to go: sending it would fail, and the failure would be printed.
    process.stdout.write = process.stderr.write = () => true;
    super.close();
    setImmediate(() => process.exit());
  }

  /** Sends what this process prints and displays from now on to where `message` came from. */
  private directOutput(message: Message): void {
    this.output.flush();
    const output = new OutputBuffer((name, text) => this.publish(message, "stream", { name, text }));
    this.output = output;
    const stream = (name: "stdout" | "stderr") => {
      const decoder = new TextDecoder();
      return (chunk: string | Uint8Array): boolean => {
        output.add(name, typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
        return true;
      };
    };
    process.stdout.write = stream("stdout");
    process.stderr.write = stream("stderr");
    const display: Display = (data, isUpdate) => {
      output.flush();
      this.publish(message, isUpdate ? "update_display_data" : "display_data", data);
    };
    (jupyter as { lastWriteDisplayData: Display }).lastWriteDisplayData = display;
  }

  /** Resolves when it is a request's turn: to false if it is to run, to true if it is not to run at all. */
  private turn(): Promise<boolean> {
    if (!this.isRunning) {
      this.isRunning = true;
      return Promise.resolve(false);
    }
    return new Promise((resolve) => {
      this.waiting.push({ run: () => resolve(false), abort: () => resolve(true) });
    });
  }

  private next(): void {
    const next = this.waiting.shift();
    if (next) next.run();
    else this.isRunning = false;
  }

  /**
   * Takes in the requests that arrived while the cell ran, and aborts all that wait.
   *
   * The socket is not asked whether there are more: to ask takes its signal away from the loop that reads it.
   */
  private async abortWaiting(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      const before = this.waiting.length;
      await new Promise(setImmediate);
      if (this.waiting.length > before) quiet = 0;
    }
    for (const one of this.waiting.splice(0)) one.abort();
  }

  private reply(socket: Socket, message: Message, content: object): void {
    this.answer(socket, message, "execute_reply", content);
  }

  private publish(message: Message, type: string, content: object): void {
    this.answer(this.iopub, message, type, content);
  }

  private answer(socket: unknown, message: Message, type: string, content: object): void {
    const answer = message.createReply();
    answer.header.msg_type = type;
    answer.content = content;
    answer.signAndSend(this.connInfo.key, socket);
  }
}

/** Returns where a socket listens: a TCP port, or a file with the port's number at the end of its name. */
function addressOf({ transport, ip }: jupyter.ZmqServer["connInfo"], port: number): string {
  return `${transport}://${ip}${transport === "ipc" ? "-" : ":"}${port}`;
}

/** Returns where the name ends of the function whose arguments are being written at `position`. */
function functionCalledAt(code: string, position: number): number {
  let depth = 1;
  for (let at = position - 1; at >= 0; at--) {
    if (code[at] === ")") depth++;
    else if (code[at] === "(" && --depth === 0) return Math.max(0, at - 1);
  }
  return 0;
}

/** Returns what answers tslab's server when it asks its handler: for all but running cells. */
function handlerOf(runner: CellRunner): Handler {
  // Its answers of what language this is need no executor; `handleExecute` is the server's own here.
  const usual = new jupyter.JupyterHandlerImpl(runner as never, false);
  const handler: Handler = {
    handleKernel: () => ({ ...usual.handleKernel(), status: "ok" }) as ReturnType<Handler["handleKernel"]>,
    handleExecute: () => Promise.reject(new Error("KernelServer runs cells itself")),
    handleIsComplete: ({ code }) => {
      const { completed, indent } = isCompleteCode(code);
      return completed ? { status: "complete" } : { status: "incomplete", indent };
    },
    handleInspect: ({ code, cursor_pos }) => {
      const info =
        runner.inspect(code, cursor_pos) ?? runner.inspect(code, functionCalledAt(code, cursor_pos));
      const data: Record<string, string> = info ? { "text/plain": printQuickInfo(info) } : {};
      return { status: "ok", found: Boolean(info), data, metadata: {} };
    },
    handleComplete: (request) => usual.handleComplete(request),
    handleShutdown: ({ restart }) => ({ status: "ok", restart }),
    close: () => runner.close(),
  };
  return handler;
}
