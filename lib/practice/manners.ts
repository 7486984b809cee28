/**
 * How peers behave when they are called: one table, one entry a manner.
 *
 * A new manner is a new entry here: its share of the peers, what comes of calling it, and what it
 * does when somebody connects (`greet`) and when their version message is here (`answer`).
 */
import type { PeerErrorCode, ProtocolErrorCode } from "../errors";
import type { Conversation } from "./conversation";

/** What comes of calling a peer: its version message, or the code of an error. */
export type Outcome = "version" | PeerErrorCode | ProtocolErrorCode;

export interface Manner {
  /** How often it occurs among peers whose software is modern, or is not. Weights; all of a column's make 100. */
  share: (modern: boolean) => number;
  /** What comes of calling it, if it is quick enough. */
  outcome: Outcome;
  /** Whether this peer takes its time, for manners of which some do not. */
  waits?: (variant: number) => boolean;
  /** Nothing listens at its address. */
  refuses?: true;
  /** Somebody connected. */
  greet?: (conversation: Conversation) => void;
  /** Their version message is here. From here on pings are answered. */
  answer?: (conversation: Conversation) => void;
}

const OLD = ["version", "verack"] as const;
const MODERN = ["version", "wtxidrelay", "sendaddrv2", "verack"] as const;

export const MANNERS = {
  /** Says between version and verack what it understands (BIPs 155 and 339). */
  "polite-modern": {
    share: (modern) => (modern ? 83 : 0),
    outcome: "version",
    answer: (conversation) => conversation.afterDelay(() => conversation.send(MODERN)),
  },
  /** Version, then verack. */
  "polite-old": {
    share: (modern) => (modern ? 0 : 83),
    outcome: "version",
    answer: (conversation) => conversation.afterDelay(() => conversation.send(OLD)),
  },
  /** Accepts and never says a word. */
  silent: { share: () => 8, outcome: "ANSWER_TIMEOUT", waits: () => false },
  /** Nobody is there. */
  refusing: { share: () => 5, outcome: "REFUSED", refuses: true, waits: () => false },
  /** Hangs up: every other one at once, the rest when it has heard who is calling. */
  "hanging-up": {
    share: () => 4,
    outcome: "CLOSED",
    waits: (variant) => variant >= 0.5,
    greet: (conversation) => {
      if (conversation.peer.variant < 0.5) conversation.hangUp();
    },
    answer: (conversation) => conversation.afterDelay(() => conversation.hangUp()),
  },
} satisfies Record<string, Manner>;

export type MannerName = keyof typeof MANNERS;

/** The manner of that name. */
export function mannerOf(name: MannerName): Manner {
  return MANNERS[name];
}
