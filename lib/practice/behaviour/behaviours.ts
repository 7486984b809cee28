/**
 * How peers behave when they are called: one table, one entry a manner.
 *
 * A new manner is a new entry here: its share of the peers, what comes of calling it, and what it
 * does when somebody connects (`greet`) and when their version message is here (`answer`).
 * Good bytes are made by the conversation, and made bad in spoiled.ts.
 */
import type { HandshakeCommand } from "./handshake-bytes";
import type { Behaviour, Session } from "./behaviour";
import * as spoiled from "./malformed";

const OLD = ["version", "verack"] as const;
const MODERN = ["version", "wtxidrelay", "sendaddrv2", "verack"] as const;

/** The protocol version of those who know BIPs 155 and 339. */
const FEATURES_VERSION = 70016;

/**
 * What a modern peer says to this caller. Bitcoin Core says wtxidrelay and sendaddrv2 only where both
 * sides have 70016 (net_processing.cpp), and btcd hangs up on a peer that says them where they have
 * not. So do our peers, but to callers of an older version: those are the readers of the course, whose
 * `OUR_VERSION` is 70015 and who are to meet the two messages all the same.
 */
function modernMessages({ callerVersion, peer }: Session): readonly HandshakeCommand[] {
  const isReader = callerVersion < FEATURES_VERSION;
  return isReader || peer.versionInfo.version >= FEATURES_VERSION ? MODERN : OLD;
}

/** So slow that no version message is complete within a second, nor within five. */
const CRUMB_MS = 50;
const PIECE_MS = 5;
/** Far beyond the 256 bytes that Bitcoin Core takes (MAX_SUBVERSION_LENGTH, net.h), and more than a socket hands over at once. */
const ENDLESS_USER_AGENT = `/${"very-".repeat(20_000)}long/`;
const SECOND_USER_AGENT = "/second-thoughts:0.1.0/";

/** Each of the manners that are neither polite nor absent: few, and yet every crawl meets them. */
const few = (): number => 0.3;

/** Answers, after the peer's delay, with what `spoil` makes of the messages of a polite peer. */
function answering(spoil: (bytes: Buffer) => Uint8Array): Behaviour["onVersion"] {
  return (session) => session.afterDelay(() => session.write(spoil(session.messages(OLD))));
}

/** The same in pieces, with so many milliseconds between two of them. */
function answeringInPieces(cut: (bytes: Buffer) => Buffer[], everyMs: number): Behaviour["onVersion"] {
  return (session) => session.afterDelay(() => session.writeSlowly(cut(session.messages(OLD)), everyMs));
}

export const BEHAVIOURS = {
  /** Says between version and verack what it understands (BIPs 155 and 339). */
  "polite-modern": {
    share: (modern) => (modern ? 78.5 : 0),
    outcome: "version",
    onVersion: (session) =>
      session.afterDelay(() => session.write(session.messages(modernMessages(session)))),
  },
  /** Version, then verack. */
  "polite-old": {
    share: (modern) => (modern ? 0 : 78.5),
    outcome: "version",
    onVersion: answering((bytes) => bytes),
  },
  /** Polite, and older than BIP 37: its version message ends before the relay byte. */
  "no-relay-byte": {
    share: few,
    outcome: "version",
    versionInfo: (usual) => ({ ...usual, relay: undefined }),
    onVersion: answering((bytes) => bytes),
  },
  /** Polite, with an é of Latin-1 in its user agent, which is not UTF-8. */
  "non-utf-8-user-agent": {
    share: few,
    outcome: "version",
    versionInfo: (usual) => ({ ...usual, userAgent: usual.userAgent.replace(/\/?$/, "(caf\udce9)/") }),
    onVersion: answering((bytes) => bytes),
  },
  /** Says other things before its version message. */
  "pings-first": { share: few, outcome: "version", onVersion: answering(spoiled.withOthersFirst) },
  /** Introduces itself, and then again as somebody else: the first time counts. */
  "two-versions": {
    share: few,
    outcome: "version",
    onVersion: (session) =>
      session.afterDelay(() => {
        session.write(session.messages(["version"]));
        session.write(session.messages(OLD, { userAgent: SECOND_USER_AGENT }));
      }),
  },
  /** Polite, and cut where nobody expects it. */
  "in-pieces": {
    share: few,
    outcome: "version",
    onVersion: answeringInPieces(spoiled.awkwardChunks, PIECE_MS),
  },
  /** Byte by byte, too slowly for anybody's patience. */
  dribbling: {
    share: few,
    outcome: "ANSWER_TIMEOUT",
    onVersion: answeringInPieces(spoiled.singleBytes, CRUMB_MS),
  },
  /** Half a message, and then silence. */
  "half-a-message": { share: few, outcome: "ANSWER_TIMEOUT", onVersion: answering(spoiled.firstHalf) },
  /** Half a message, and then it hangs up. */
  "cut-off": {
    share: few,
    outcome: "CLOSED",
    onVersion: (session) =>
      session.afterDelay(() => session.end(spoiled.firstHalf(session.messages(["version"])))),
  },
  /** On another of Bitcoin's networks. */
  "wrong-magic": { share: few, outcome: "BAD_MAGIC", onVersion: answering(spoiled.withWrongMagic) },
  /** Not a Bitcoin node: it talks before it is asked, and nobody knows what about. */
  garbage: {
    share: few,
    outcome: "BAD_MAGIC",
    onConnect: (session) => session.afterDelay(() => session.write(spoiled.garbage())),
  },
  "bad-command": { share: few, outcome: "BAD_COMMAND", onVersion: answering(spoiled.withBadCommand) },
  "bad-checksum": { share: few, outcome: "BAD_CHECKSUM", onVersion: answering(spoiled.withBadChecksum) },
  /** Announces a payload of 4 GB. */
  "four-gigabytes": { share: few, outcome: "OVERSIZED", onVersion: answering(spoiled.withFourGigabytes) },
  "endless-user-agent": {
    share: few,
    outcome: "OVERSIZED",
    onVersion: (session) =>
      session.afterDelay(() => session.write(session.messages(OLD, { userAgent: ENDLESS_USER_AGENT }))),
  },
  /** A version message that ends within a field. */
  "too-short": { share: few, outcome: "MALFORMED", onVersion: answering(spoiled.tooShort) },
  /** Accepts and never says a word. */
  silent: { share: () => 8, outcome: "ANSWER_TIMEOUT", waits: () => false },
  /** Nobody is there. */
  refusing: { share: () => 5, outcome: "REFUSED", refuses: true, waits: () => false },
  /** Hangs up: every other one at once, the rest when it has heard who is calling. */
  "hanging-up": {
    share: () => 4,
    outcome: "CLOSED",
    waits: (variant) => variant >= 0.5,
    onConnect: (session) => {
      if (session.peer.variant < 0.5) session.hangUp();
    },
    onVersion: (session) => session.afterDelay(() => session.hangUp()),
  },
} satisfies Record<string, Behaviour>;

export type BehaviourName = keyof typeof BEHAVIOURS;

/** All manners, in the table's order. */
export const BEHAVIOUR_NAMES = Object.keys(BEHAVIOURS) as readonly BehaviourName[];

/** The manner of that name. */
export function behaviourOf(name: BehaviourName): Behaviour {
  return BEHAVIOURS[name];
}
