/** Two time limits of a process: one restarts with each of its messages, the other does not. */
export class Timeouts {
  /** Resolves to the limit that is over, in milliseconds. */
  readonly expired: Promise<number>;
  private expire: (ms: number) => void = () => {};
  private silence: NodeJS.Timeout | undefined;
  private total: NodeJS.Timeout | undefined;

  constructor() {
    this.expired = new Promise((resolve) => (this.expire = resolve));
  }

  restart(ms: number): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(this.expire, ms, ms);
  }

  limitTotal(ms: number): void {
    clearTimeout(this.total);
    this.total = setTimeout(this.expire, ms, ms);
  }

  stop(): void {
    clearTimeout(this.silence);
    clearTimeout(this.total);
  }
}
