/** Why a crawl cannot be shared, with a stable code and a sentence that says what to do. */

export const FRONTIER_ERRORS = {
  BAD_URL: "not the address of a Redis server",
  NO_ANSWER: "no server answers there",
  UNTRUSTED: "the server's certificate, or ours, is not accepted",
  REFUSED: "the server does not let this user do it",
  OLD_SERVER: "the server is older than Redis 7",
  EVICTS: "the server throws keys away when it is full",
  NO_CRAWL: "the server has no such crawl",
  OTHER_VERSION: "another version of the course has begun the crawl",
  OTHER_NETWORK: "the crawl is one of another network",
  OTHER_SETTINGS: "the crawl was begun with other bounds",
  OTHER_COLLECTOR: "another worker collects the visits",
  LOST: "the server has not answered for too long",
  FULL: "the server has had no room for too long",
  NETWORK_ENDED: "the network that is crawled has ended",
} as const;

export type FrontierErrorCode = keyof typeof FRONTIER_ERRORS;

export class FrontierError extends Error {
  override readonly name = "FrontierError";

  constructor(
    readonly code: FrontierErrorCode,
    message: string,
  ) {
    super(message);
  }
}
