/** What one side asks of the other, and what it gets back: see side.ts. */
import type { Coded } from "./coded";

export type Ask =
  | { do: "call" | "new"; id: number; args: Coded[]; self?: Coded }
  | { do: "get"; id: number; key: string }
  | { do: "method"; id: number; key: string; args: Coded[] };

/** What was returned or thrown, and how the arguments look now if they have changed. */
export interface Reply {
  value?: Coded;
  thrown?: Coded;
  args?: Coded[];
  /** A property that is a function of its object. */
  isMethod?: true;
  /** Why what was returned cannot cross. */
  tooLarge?: string;
}

/** What needs no reply: a promise is settled, a signal aborted. */
export type Notice = { settled: number; outcome: Reply } | { aborted: number };
