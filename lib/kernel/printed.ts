/**
 * What cells print, on its way to Jupyter.
 *
 * Node.js interrupts a busy cell wherever it happens to be, and in a loop that prints that is in here: nothing in here
 * may be half done between two statements.
 */

type StreamName = "stdout" | "stderr";

/** What is printed within so many milliseconds goes out as one message. */
const TOGETHER_MS = 50;

/** Gathers what is printed, so that ten thousand lines are not ten thousand messages. */
export class Printed {
  private name: StreamName = "stdout";
  private text = "";
  private sentAt = 0;

  constructor(private readonly publish: (name: StreamName, text: string) => void) {}

  add(name: StreamName, text: string): void {
    if (name !== this.name) this.flush();
    this.name = name;
    if (this.text === "") setImmediate(() => this.flush());
    this.text += text;
    // A cell that computes for long shows what it prints while it does.
    if (Date.now() - this.sentAt >= TOGETHER_MS) this.flush();
  }

  flush(): void {
    const { name, text } = this;
    this.text = "";
    this.sentAt = Date.now();
    if (text !== "") this.publish(name, text);
  }
}
