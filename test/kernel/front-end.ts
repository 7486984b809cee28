/** A kernel that a test talks to as a front end does, message by message. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { environment } from "../../scripts/setup/jupyter";
import { root, venvPython } from "../../scripts/setup/paths";

export interface Message {
  request: number;
  type: string;
  content: Record<string, unknown>;
}

/** What the kernel sent to one request: its reply, and what it published, in order. */
export interface Answer {
  reply: Record<string, unknown>;
  published: Message[];
}

export class FrontEnd {
  private count = 0;
  private readonly answers = new Map<number, Partial<Answer> & { published: Message[] }>();
  private changed = (): void => {};
  private isKilled = false;

  private constructor(
    private readonly child: ReturnType<typeof spawn>,
    readonly folder: string,
  ) {}

  /** Starts a kernel that stands in `folder`; resolves when it is ready. */
  static async start(folder: string): Promise<FrontEnd> {
    const script = path.join(root, "test", "kernel", "drive_kernel.py");
    const child = spawn(venvPython, [script, folder], {
      env: environment(process.env, path.join(folder, ".runtime")),
      stdio: ["pipe", "pipe", "inherit"],
    });
    const frontEnd = new FrontEnd(child, folder);
    const lines = createInterface({ input: child.stdout });
    await new Promise<void>((resolve, reject) => {
      child.once("exit", () => reject(new Error("the kernel did not start")));
      lines.on("line", (line) => {
        if (frontEnd.isKilled) return; // in the middle of a line, maybe
        const message = JSON.parse(line) as Message;
        if (message.type === "ready") resolve();
        else frontEnd.receive(message);
      });
    });
    return frontEnd;
  }

  /** Sends requests to run cells, all at once, and resolves when each has its reply and is idle. */
  run(codes: string[], stopOnError = true): Promise<Answer[]> {
    return this.answersTo(
      codes.map((code) => this.send({ do: "execute", code, stop_on_error: stopOnError })),
    );
  }

  /** Sends a request to run a cell, and does not wait. */
  begin(code: string): number {
    return this.send({ do: "execute", code });
  }

  async ask(kind: "complete" | "inspect", code: string, at = code.length): Promise<Answer> {
    const [answer] = await this.answersTo([this.send({ do: kind, code, at })]);
    return answer;
  }

  interrupt(): void {
    this.send({ do: "interrupt" });
  }

  /** Resolves when a request has published a message that `is` one. */
  async published(request: number, is: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.answers.get(request)?.published.find(is);
      if (found) return found;
      await new Promise<void>((resolve) => (this.changed = resolve));
    }
  }

  async answersTo(requests: number[]): Promise<Answer[]> {
    const isOver = (request: number) => {
      const answer = this.answers.get(request);
      return answer?.reply && answer.published.some(({ content }) => content.execution_state === "idle");
    };
    while (!requests.every(isOver)) await new Promise<void>((resolve) => (this.changed = resolve));
    return requests.map((request) => this.answers.get(request) as Answer);
  }

  /** Kills the program that started the kernel, as a Jupyter server may be killed. */
  killParent(): void {
    this.isKilled = true;
    this.child.kill("SIGKILL");
  }

  /** Ends the kernel. Resolves when it is gone. */
  async end(): Promise<void> {
    const gone = once(this.child, "exit");
    this.child.stdin!.end();
    await gone;
  }

  private send(request: object): number {
    this.child.stdin!.write(`${JSON.stringify(request)}\n`);
    return this.count++;
  }

  private receive(message: Message): void {
    const answer = this.answers.get(message.request) ?? { published: [] };
    this.answers.set(message.request, answer);
    if (message.type.endsWith("_reply")) answer.reply = message.content;
    else answer.published.push(message);
    this.changed();
  }
}

/** The messages that show something: no states, and no echo of the source. */
export function shown({ published }: Answer): [type: string, content: unknown][] {
  return published
    .filter(({ type }) => !["status", "execute_input"].includes(type))
    .map(({ type, content }) => [type, contentOf(type, content)]);
}

function contentOf(type: string, content: Record<string, unknown>): unknown {
  if (type === "stream") return content.text;
  if (type === "error") return (content.traceback as string[]).join("\n");
  return (content.data as Record<string, unknown>)["text/plain"];
}
