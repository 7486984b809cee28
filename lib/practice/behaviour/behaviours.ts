/**
 * How peers behave when they are called: a table with one entry per behaviour.
 *
 * A new behaviour is a new entry here: its share of the peers, the outcome of a visit, and what the
 * peer does when a caller connects (`onConnect`) or has sent its version message (`onVersion`).
 * The session supplies valid bytes (session.ts); malformed.ts makes them invalid.
 */
import type { HandshakeCommand } from "./handshake-bytes";
import type { Behaviour, Session, VisitOutcome } from "./behaviour";
import * as malformed from "./malformed";
import { withV2Bit } from "./version-info";

const OLD = ["version", "verack"] as const;
const MODERN = ["version", "wtxidrelay", "sendaddrv2", "verack"] as const;

/** The protocol version of software that implements BIPs 155 and 339. */
const FEATURES_VERSION = 70016;

/**
 * Returns the commands that a modern peer sends to this caller.
 *
 * Bitcoin Core sends wtxidrelay and sendaddrv2 only if both sides have version 70016
 * (net_processing.cpp). btcd disconnects peers that send them to an older version.
 * Our peers also send them to callers older than 70016: readers of the course send 70015
 * (`OUR_VERSION`), and are to see the two messages too.
 */
function modernMessages({ callerVersion, peer }: Session): readonly HandshakeCommand[] {
  const isReader = callerVersion < FEATURES_VERSION;
  return isReader || peer.versionInfo.version >= FEATURES_VERSION ? MODERN : OLD;
}

/** Between two bytes of a dribbling peer: a version message of over 100 bytes takes more than 5 seconds. */
const BYTE_INTERVAL_MS = 50;
const CHUNK_INTERVAL_MS = 5;
/** Bitcoin Core allows 256 bytes (MAX_SUBVERSION_LENGTH, net.h); a socket reads at most 64 KB per chunk. */
const ENDLESS_USER_AGENT = `/${"very-".repeat(20_000)}long/`;
const SECOND_USER_AGENT = "/second-thoughts:0.1.0/";

/** Returns the share of each rare behaviour: small, yet a crawl of the default network meets them all. */
const few = (): number => 0.3;

/** Returns an `onVersion` that sends, after the delay, what `change` makes of a polite peer's messages. */
function answering(change: (bytes: Buffer) => Uint8Array): Behaviour["onVersion"] {
  return (session) => session.afterDelay(() => session.write(change(session.messages(OLD))));
}

/** Returns an `onVersion` that sends a polite peer's messages cut into chunks, one every `intervalMs`. */
function answeringInChunks(cut: (bytes: Buffer) => Buffer[], intervalMs: number): Behaviour["onVersion"] {
  return (session) => session.afterDelay(() => session.writeSlowly(cut(session.messages(OLD)), intervalMs));
}

const politely = answering((bytes) => bytes);

/** Returns the share of each behaviour that only peers with v2 have: BIP 324 is not old enough for figures. */
const fewInV2 = (_modern: boolean, speaksV2 = false): number => (speaksV2 ? 0.3 : 0);
const BEHAVIOURS_OF_V2 = 6;

/** Returns the share of the polite: what all others leave. */
function politeShare(speaksV2: boolean): number {
  return 78.5 - BEHAVIOURS_OF_V2 * fewInV2(true, speaksV2);
}

/** More than a crawl reads before a version message: 256 KB. */
const DECOYS = 16;
const DECOY_LENGTH = 16 * 1024;

/** Returns the behaviour of a peer that is polite in v1, and in v2 does `v2`. */
function encryptedOnly(outcome: VisitOutcome, v2: Behaviour["v2"]): Behaviour {
  return {
    share: fewInV2,
    outcome: "version",
    versionInfo: withV2Bit,
    v2: { outcome, ...v2 },
    onVersion: politely,
  };
}

export const BEHAVIOURS = {
  /** Sends version, the feature messages of BIPs 339 and 155 (see `modernMessages`), then verack. */
  "polite-modern": {
    share: (modern, speaksV2 = false) => (modern ? politeShare(speaksV2) : 0),
    outcome: "version",
    v2: {},
    onVersion: (session) =>
      session.afterDelay(() => session.write(session.messages(modernMessages(session)))),
  },
  /** Sends version, then verack. */
  "polite-old": {
    share: (modern, speaksV2 = false) => (modern ? 0 : politeShare(speaksV2)),
    outcome: "version",
    v2: {},
    onVersion: politely,
  },
  /** Polite and older than BIP 37: its version message ends before the relay byte. */
  "no-relay-byte": {
    share: few,
    outcome: "version",
    v2: {},
    versionInfo: (usual) => ({ ...usual, relay: undefined }),
    onVersion: politely,
  },
  /** Polite, with an é in Latin-1 in its user agent, which is not UTF-8. */
  "non-utf-8-user-agent": {
    share: few,
    outcome: "version",
    v2: {},
    versionInfo: (usual) => ({ ...usual, userAgent: usual.userAgent.replace(/\/?$/, "(caf\udce9)/") }),
    onVersion: politely,
  },
  /** Sends other messages before its version message. */
  "pings-first": {
    share: few,
    outcome: "version",
    v2: {},
    onVersion: answering(malformed.withOthersFirst),
  },
  /** Sends two different version messages: the first one counts. */
  "two-versions": {
    share: few,
    outcome: "version",
    v2: {},
    onVersion: (session) =>
      session.afterDelay(() => {
        session.write(session.messages(["version"]));
        session.write(session.messages(OLD, { userAgent: SECOND_USER_AGENT }));
      }),
  },
  /** Polite, in chunks that end within a field. */
  "in-pieces": {
    share: few,
    outcome: "version",
    onVersion: answeringInChunks(malformed.awkwardChunks, CHUNK_INTERVAL_MS),
  },
  /** Sends single bytes, too slowly for any timeout of the course. */
  dribbling: {
    share: few,
    outcome: "ANSWER_TIMEOUT",
    onVersion: answeringInChunks(malformed.singleBytes, BYTE_INTERVAL_MS),
  },
  /** Sends half of its messages, then nothing. */
  "half-a-message": { share: few, outcome: "ANSWER_TIMEOUT", onVersion: answering(malformed.firstHalf) },
  /** Sends half of its version message, then hangs up. */
  "cut-off": {
    share: few,
    outcome: "CLOSED",
    onVersion: (session) =>
      session.afterDelay(() => session.end(malformed.firstHalf(session.messages(["version"])))),
  },
  /** Sends the magic bytes of testnet3. */
  "wrong-magic": { share: few, outcome: "BAD_MAGIC", onVersion: answering(malformed.withWrongMagic) },
  /** Not a Bitcoin node: sends random bytes after its delay, without waiting for a version message. */
  garbage: {
    share: few,
    outcome: "BAD_MAGIC",
    // A caller in v2 takes the bytes for a key and garbage, and waits for its end.
    v2: { outcome: "ANSWER_TIMEOUT" },
    isDeaf: true,
    onConnect: (session) => session.afterDelay(() => session.writeRaw(malformed.garbage())),
  },
  /** Sends a command with a byte after the NULs that pad it. */
  "bad-command": { share: few, outcome: "BAD_COMMAND", onVersion: answering(malformed.withBadCommand) },
  /** Sends a checksum that is one bit off. */
  "bad-checksum": { share: few, outcome: "BAD_CHECKSUM", onVersion: answering(malformed.withBadChecksum) },
  /** Announces a payload of 4 GB, and sends none of it. */
  "four-gigabytes": { share: few, outcome: "OVERSIZED", onVersion: answering(malformed.withFourGigabytes) },
  /** Sends a user agent of 100,006 bytes. */
  "endless-user-agent": {
    share: few,
    outcome: "OVERSIZED",
    v2: {},
    onVersion: (session) =>
      session.afterDelay(() => session.write(session.messages(OLD, { userAgent: ENDLESS_USER_AGENT }))),
  },
  /** Sends a version message that ends within a field. */
  "too-short": { share: few, outcome: "MALFORMED", v2: {}, onVersion: answering(malformed.tooShort) },
  /** Accepts connections and sends nothing. */
  silent: { share: () => 8, outcome: "ANSWER_TIMEOUT", waits: () => false },
  /** Nothing listens at its address. */
  refusing: { share: () => 5, outcome: "REFUSED", refuses: true, waits: () => false },
  /** Hangs up without sending a byte: half of the peers at once, the others after version and their delay. */
  "hanging-up": {
    share: () => 4,
    outcome: "CLOSED",
    waits: (variant) => variant >= 0.5,
    onConnect: (session) => {
      if (session.peer.variant < 0.5) session.hangUp();
    },
    onVersion: (session) => session.afterDelay(() => session.hangUp()),
  },
  /** Says that it speaks v2 (bit 11), and does not. */
  "v2-bit-lies": {
    share: fewInV2,
    outcome: "version",
    versionInfo: withV2Bit,
    onVersion: politely,
  },
  /** Polite in v1. In v2 hangs up when it has sent its key. */
  "v2-hanging-up": encryptedOnly("CLOSED", {
    onKey: (session, handshake) => session.afterDelay(() => session.end(malformed.keyOnly(handshake))),
  }),
  /** Polite in v1. In v2 its garbage does not end. */
  "v2-endless-garbage": encryptedOnly("NO_TERMINATOR", {
    onKey: (session, handshake) =>
      session.afterDelay(() => session.writeRaw(malformed.withEndlessGarbage(handshake))),
  }),
  /** Polite in v1. In v2 ends its garbage with a terminator of its own, which the caller does not find. */
  "v2-wrong-terminator": encryptedOnly("ANSWER_TIMEOUT", {
    onKey: (session, handshake) =>
      session.afterDelay(() => session.writeRaw(malformed.withWrongTerminator(handshake))),
  }),
  /** Polite in v1. In v2 a bit of its first packet is wrong. */
  "v2-bad-tag": encryptedOnly("BAD_TAG", {
    onKey: (session, handshake) =>
      session.afterDelay(() => session.writeRaw(malformed.withBadTag(handshake))),
  }),
  /** Polite in v1. In v2 it sends decoys in place of its version message. */
  "v2-decoy-flood": encryptedOnly("OVERSIZED", {
    onVersion: (session) =>
      session.afterDelay(() => {
        for (let i = 0; i < DECOYS; i++) session.sendDecoy(new Uint8Array(DECOY_LENGTH));
      }),
  }),
} satisfies Record<string, Behaviour>;

export type BehaviourName = keyof typeof BEHAVIOURS;

/** The names of all behaviours, in the table's order. */
export const BEHAVIOUR_NAMES = Object.keys(BEHAVIOURS) as readonly BehaviourName[];

/** Returns the behaviour of that name. The table's own type lists only the fields that an entry has. */
export function behaviourOf(name: BehaviourName): Behaviour {
  return BEHAVIOURS[name];
}
