/** One side of a SOCKS5 handshake, without a socket: takes bytes however they are cut, and gives bytes to send. */
import { ByteQueue } from "../wire/byte-queue";
import { concat } from "../wire/bytes";

/** What one side does, step by step: yields how many bytes it needs next, and gets them. */
export type Steps = Generator<number, void, Uint8Array>;

export abstract class Dialogue {
  private readonly received = new ByteQueue();
  private readonly output: Uint8Array[] = [];
  private steps: Steps | undefined;
  private wanted = 0;
  /** Whether the handshake is over: what comes from then on is the peer's. */
  isOver = false;

  /** Makes the steps of this side, from its first byte to its last. */
  protected abstract converse(): Steps;

  /**
   * Takes bytes of the other side, which may be overwritten afterwards.
   *
   * @throws what the steps throw.
   */
  add(bytes: Uint8Array): void {
    this.received.add(bytes);
    this.goOn();
    this.received.keep();
  }

  /** Returns what is to be sent, and forgets it. */
  takeOutput(): Uint8Array {
    if (!this.steps) this.goOn();
    return concat(this.output.splice(0));
  }

  /** Returns the bytes that came after the handshake. */
  takeRest(): Uint8Array {
    return this.received.take(this.received.length)!;
  }

  protected send(bytes: Uint8Array): void {
    this.output.push(bytes);
  }

  private goOn(): void {
    if (!this.steps) {
      this.steps = this.converse();
      this.wanted = this.steps.next().value ?? 0;
    }
    while (!this.isOver) {
      const piece = this.received.take(this.wanted);
      if (!piece) return;
      const { value, done } = this.steps.next(piece);
      if (done) this.isOver = true;
      else this.wanted = value;
    }
  }
}
