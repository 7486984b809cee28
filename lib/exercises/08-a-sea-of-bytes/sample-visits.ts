/** Visits invented for the checks: a check sets what it needs, and the rest is typical. */
import { PEER_ERRORS, PeerError } from "../../peer/errors";
import { now, toUnixMs } from "../../util/clock";
import { OUR_VERSION_MESSAGE, VersionMessage } from "../../wire/version-message";
import type { Visit } from "../../peer/visit";

/** What a check sets of a visit. */
interface VisitFacts {
  /** By how many seconds the peer's clock is ahead. */
  skew?: number;
  height?: number;
  /** How many seconds ago the visit was. */
  secondsAgo?: number;
  /** How many seconds the peer took to answer. */
  answersAfter?: number;
  /** How many seconds it took from the first byte to the end. */
  endsAfter?: number;
}

/**
 * Returns a visit to a peer that answered.
 * Its timestamp is cut to whole seconds, as in all version messages: a check must allow a difference of one.
 */
export function answered({
  skew = 0,
  height = 1,
  secondsAgo = 1,
  answersAfter = 0.1,
  endsAfter = 0,
}: VisitFacts = {}): Visit {
  const startedAt = now() - 1000 * secondsAgo;
  const firstByteAt = startedAt + 1000 * answersAfter;
  const timestamp = BigInt(Math.floor(toUnixMs(firstByteAt) / 1000 + skew));
  return {
    address: ["192.0.2.1", 8333],
    startedAt,
    connectedAt: startedAt,
    sentAt: startedAt,
    firstByteAt,
    endedAt: firstByteAt + 1000 * endsAfter,
    versionMessage: new VersionMessage({ ...OUR_VERSION_MESSAGE, timestamp, startHeight: height }),
  };
}

/** Returns a visit to a peer that did not answer. */
export function unanswered(): Visit {
  const startedAt = now() - 2000;
  const error = new PeerError("ANSWER_TIMEOUT", PEER_ERRORS.ANSWER_TIMEOUT);
  return {
    address: ["192.0.2.2", 8333],
    startedAt,
    connectedAt: startedAt,
    sentAt: startedAt,
    endedAt: now() - 1000,
    error,
  };
}
