/** Visits for the checks of lesson five. Their times are round, so that sums are easy. */
import { PEER_ERRORS, PeerError, type PeerErrorCode } from "../../peer/errors";
import type { Visit } from "../../peer/visit";
import { ANOTHER_PEER } from "../shared/recorded-replies";

/** The milliseconds of each phase. A phase that is missing did not happen, nor did those after it. */
interface Phases {
  startedAt?: number;
  connecting?: number;
  sending?: number;
  waiting?: number;
  /** From the last of the phases to the end. */
  rest?: number;
  error?: PeerErrorCode;
}

/** Returns a visit with these phases. */
export function visitOf({ startedAt = 0, connecting, sending, waiting, rest = 0, error }: Phases): Visit {
  const address: Visit["address"] = ["127.0.0.1", 8333];
  const visit: Visit = { address, startedAt, endedAt: startedAt };
  if (connecting !== undefined) visit.connectedAt = visit.endedAt += connecting;
  if (sending !== undefined) visit.sentAt = visit.endedAt += sending;
  if (waiting !== undefined) visit.firstByteAt = visit.endedAt += waiting;
  visit.endedAt += rest;
  if (error) visit.error = new PeerError(error, PEER_ERRORS[error]);
  else visit.versionMessage = ANOTHER_PEER.message;
  return visit;
}

/** 100 ms, of which 90 are waiting. */
export const ANSWERED: Visit = visitOf({ startedAt: 1000, connecting: 40, sending: 4, waiting: 50, rest: 6 });
/** 1000 ms of connecting, without success. */
export const UNREACHED: Visit = visitOf({ startedAt: 2000, rest: 1000, error: "CONNECT_TIMEOUT" });
/** 1100 ms, of which 1098 are waiting. */
export const SILENT: Visit = visitOf({ connecting: 98, sending: 2, rest: 1000, error: "ANSWER_TIMEOUT" });
/** 1200 ms, of which 1190 are waiting: the first byte came, and the message was never complete. */
export const INCOMPLETE: Visit = visitOf({
  connecting: 190,
  sending: 10,
  waiting: 300,
  rest: 700,
  error: "ANSWER_TIMEOUT",
});
