/** Visits that a tally can count. */
import { PeerError, type PeerErrorCode, type Visit } from "@course/lib/peer";
import { versionMessage } from "../../data/tables/made-up";

export function heard(userAgent: string, host = "127.0.0.1"): Visit {
  return {
    address: [host, 8333],
    startedAt: 0,
    endedAt: 1,
    versionMessage: versionMessage({ userAgent }),
  };
}

export function failed(code: PeerErrorCode, host = "127.0.0.1"): Visit {
  return { address: [host, 8333], startedAt: 0, endedAt: 1, error: new PeerError(code, "no") };
}
