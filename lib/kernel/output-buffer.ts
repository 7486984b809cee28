/**
 * What cells print, on its way to Jupyter.
 *
 * Node.js interrupts a busy cell wherever it happens to be, and in a loop that prints that is in here: nothing in here
 * may be half done between two statements.
 */

type StreamName = "stdout" | "stderr";

/** Of what is printed within so many milliseconds … */
const WINDOW_MS = 50;
/** … so many pieces go out at once, each as a message. The others go together. */
const AT_ONCE = 100;

/** Sends what is printed, and gathers it once it is a flood: ten thousand lines are not ten thousand messages. */
export class OutputBuffer {
  private name: StreamName = "stdout";
  private text = "";
  private windowFrom = 0;
  private sent = 0;

  constructor(private readonly publish: (name: StreamName, text: string) => void) {}

  add(name: StreamName, text: string): void {
    if (name !== this.name) this.flush();
    this.name = name;
    const isFirstOfFlood = this.text === "";
    this.text += text;
    const at = Date.now();
    if (at - this.windowFrom >= WINDOW_MS) {
      this.windowFrom = at;
      this.sent = 0;
    }
    // Most that is printed goes out now: the cell may go on computing for long.
    if (this.sent++ < AT_ONCE) this.flush();
    else if (isFirstOfFlood) setImmediate(() => this.flush());
  }

  flush(): void {
    const { name, text } = this;
    this.text = "";
    if (text !== "") this.publish(name, text);
  }
}
