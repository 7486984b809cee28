/** The grader's side of a learner's process: see learner/main.ts. */
import os from "node:os";
import path from "node:path";
import type { Duplex } from "node:stream";
import type { FromLearner, ToLearner } from "./between/messages";
import { markOf } from "./between/messages";
import { reportIn } from "./between/report-schema";
import { OutputTail } from "./output-tail";
import type { WalledProcess, Walls } from "./walls/walls";

/** Longest line that a learner's process may send, in characters. */
const MOST_LINE = 64_000_000;
/** Characters kept of each of its output streams, from the end, and of what is shown of one exercise. */
const MOST_KEPT = 100_000;
const MOST_SHOWN = 4000;
const DRAIN_MS = 1000;

interface Listener {
  onReport(message: FromLearner): void;
  /** For the judge, as it came. */
  onLine(line: string): void;
  /** A line that the code of learner/main.ts does not send. */
  onNonsense(what: string): void;
}

export class LearnerProcess {
  /** Resolves to why the process has ended. */
  readonly ended: Promise<string>;
  private readonly process: WalledProcess;
  /** What it sends, what it is asked, and the replies to what it asks. */
  private readonly pipes: Duplex[];
  private readonly closed: Promise<unknown>;
  private readonly outputTail: OutputTail;
  private tooLong = false;
  private unfinished: string[] = [];
  private unfinishedLength = 0;

  constructor(
    folder: string,
    walls: Walls,
    private readonly listener: Listener,
  ) {
    const script = path.join(__dirname, "learner", "main.js");
    const stdio = ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"] as const;
    const env = { COURSE_GRADING: "1", FORCE_COLOR: "0" };
    this.process = walls.spawn({ script, folder, stdio: [...stdio], env });
    const { child } = this.process;
    this.outputTail = new OutputTail(child, MOST_KEPT);
    this.pipes = child.stdio.slice(3, 6) as Duplex[];
    for (const pipe of this.pipes) pipe.on("error", () => {}); // `ended` reports the end
    this.pipes[0].setEncoding("utf8").on("data", (text: string) => this.onData(text));
    this.closed = new Promise((resolve) => child.once("close", resolve));
    this.ended = new Promise((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) => resolve(this.describeEnd(code, signal)));
    });
  }

  send(message: ToLearner, isReply = false): void {
    this.pipes[isReply ? 2 : 1].write(`${JSON.stringify(message)}\n`);
  }

  /** Kills the process and all that it has started. */
  end(): void {
    this.process.end();
  }

  /** Resolves when the output of the ended process is read, at the latest after DRAIN_MS: another may hold it open. */
  async drain(): Promise<void> {
    const late = new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref());
    await Promise.race([this.closed, late]);
  }

  /** Returns the end of what was printed while an exercise was checked, or of all if it did not come to that. */
  output(exercise: string): string {
    const mark = markOf(exercise);
    return this.outputTail.texts
      .map((text) => text.split(mark).at(-1)!.split("\u0000\u0001")[0].slice(-MOST_SHOWN))
      .join("");
  }

  private onData(text: string): void {
    const lines = text.split("\n");
    for (const [i, part] of lines.entries()) {
      this.unfinished.push(part);
      this.unfinishedLength += part.length;
      if (this.unfinishedLength > MOST_LINE) {
        this.tooLong = true;
        return this.end();
      }
      if (i === lines.length - 1) continue;
      const line = this.unfinished.join("");
      this.unfinished = [];
      this.unfinishedLength = 0;
      this.onLine(line);
    }
  }

  private onLine(line: string): void {
    // Most lines are for the judge, who parses them.
    if (!line.startsWith('{"kind":')) return this.listener.onLine(line);
    const report = reportIn(line);
    if (report) this.listener.onReport(report);
    else this.listener.onNonsense(line.slice(0, 1000));
  }

  /** The limit that the process has broken, as a sentence: "it used more than 1,024 MB of memory". */
  get brokenLimit(): string | undefined {
    if (this.tooLong) return "it sent a value of more than 64 MB";
    if (this.outputTail.hasRunOutOfMemory) return "it used too much memory";
    return this.process.brokenLimit;
  }

  private describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
    const name = signal ?? signalOf(code);
    return name ? `signal ${name}` : `exit code ${code}`;
  }
}

/** Returns the signal that ended a program which another program has started: the walls. */
function signalOf(code: number | null): string | undefined {
  return Object.entries(os.constants.signals).find(([, number]) => code === 128 + number)?.[0];
}
