/** Visits for the tests of a crawl's statistics. */
import { PeerError, type PeerErrorCode, type Visit } from "@course/lib/peer";
import { versionMessage } from "../../data/tables/made-up";

/** Returns a visit of a peer that answered with this user agent. */
export function answered(userAgent: string, host = "127.0.0.1"): Visit {
  return {
    address: [host, 8333],
    startedAt: 0,
    endedAt: 1,
    versionMessage: versionMessage({ userAgent }),
  };
}

/** Returns a visit that failed with this code. */
export function failed(code: PeerErrorCode, host = "127.0.0.1"): Visit {
  return { address: [host, 8333], startedAt: 0, endedAt: 1, error: new PeerError(code, "no") };
}
