/** The grader's side of the judge: see judge.ts. */
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Coded } from "../between/coded";
import type { SideMessage } from "../between/messages";
import type { FromJudge, Judgement, ToJudge } from "./judge";
import type { MoreChecks } from "./more-checks";

/** What the judge needs of the learner's process. */
interface Contact {
  /** Sends a message to the learner's process. */
  send(message: SideMessage, isReply: boolean): void;
  /** Is told of messages that no process of ours sends. */
  onNonsense(what: string): void;
}

/** What a learner's process has handed over for an exercise. */
interface Handed {
  exercise: string;
  answer: Coded;
  place: Coded;
}

export class JudgeThread {
  private readonly arrived = new Int32Array(new SharedArrayBuffer(4));
  private readonly thread: Worker;
  private contact: Contact | undefined;
  private decide: (judgement: Judgement) => void = () => {};
  private readonly failed: Promise<never>;

  constructor() {
    this.thread = new Worker(path.join(__dirname, "judge.js"), {
      workerData: { arrived: this.arrived },
      execArgv: [],
    });
    this.failed = new Promise((_, reject) => {
      this.thread.on("error", (error) => reject(new Error(`the judge failed: ${error.stack}`)));
    });
    this.failed.catch(() => {});
    this.thread.on("message", (message: FromJudge) => this.onMessage(message));
    this.thread.unref();
  }

  /** Begins with a new learner's process. */
  meet(contact: Contact): void {
    this.contact = contact;
    this.post({ meet: true });
  }

  /** Resolves to the verdict on an answer. */
  judge({ exercise, answer, place }: Handed, more: MoreChecks): Promise<Judgement> {
    const judgement = new Promise<Judgement>((resolve) => (this.decide = resolve));
    this.post({ judge: exercise, answer, place, more });
    return Promise.race([judgement, this.failed]);
  }

  /** Passes on what the learner's process has sent to the judge. */
  pass(line: string): void {
    this.post({ line });
  }

  /** Ends the thread, also while it waits. */
  end(): void {
    this.contact = undefined;
    void this.thread.terminate();
  }

  private post(message: ToJudge): void {
    this.thread.postMessage(message);
    Atomics.add(this.arrived, 0, 1);
    Atomics.notify(this.arrived, 0);
  }

  private onMessage(message: FromJudge): void {
    if ("verdict" in message) this.decide(message);
    else if ("nonsense" in message) this.contact?.onNonsense(message.nonsense);
    else this.contact?.send(message.toLearner, message.isReply);
  }
}

/** Judges that have nothing to do. A judge that has seen a process die is not among them. */
const idle: JudgeThread[] = [];

/** Returns a judge that has nothing to do. */
export function takeJudge(): JudgeThread {
  return idle.pop() ?? new JudgeThread();
}

/** Takes a judge back that is done. */
export function giveBack(judge: JudgeThread): void {
  idle.push(judge);
}
