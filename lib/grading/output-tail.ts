/** The end of what a child process prints. */
import type { ChildProcess } from "node:child_process";

export class OutputTail {
  private readonly kept: string[] = ["", ""];

  /** Keeps `most` characters of each of its two output streams. */
  constructor(child: ChildProcess, most: number) {
    for (const [i, stream] of [child.stdout, child.stderr].entries()) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.kept[i] = (this.kept[i] + text).slice(-most);
      });
    }
  }

  /** What was kept of each stream. */
  get texts(): readonly string[] {
    return this.kept;
  }

  /** Whether Node.js has said so before it ended. */
  get hasRunOutOfMemory(): boolean {
    return this.kept.some((text) => text.includes("heap out of memory"));
  }
}
