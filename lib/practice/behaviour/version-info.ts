/** What a node says of itself in its version message. */
export interface Introduction {
  version: number;
  services: number;
  userAgent: string;
  startHeight: number;
  /** Undefined: the byte is missing. */
  relay: boolean | undefined;
  /** By how much its clock is wrong, in seconds; positive is ahead. */
  clockSkewSeconds: number;
}
