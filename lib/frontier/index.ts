/** Shares one crawl among several machines, on a Redis server. */
export { parseServerAddress, type ServerAddress } from "./address";
export { collect, type Collected, type CollectOptions } from "./collect";
export { ServerConnection, type Reply, rowsOf } from "./server-connection";
export { FrontierError, type FrontierErrorCode } from "./errors";
export {
  type CrawlSettings,
  type CrawlState,
  hasHeardOfAny,
  joinCrawl,
  type Joined,
  someAddresses,
} from "./join";
export { leaseExpired, type Leases } from "./lease-expired";
export { askServer, beginCrawl, type Machine, type MachineOptions, startMachine } from "./machine";
export { type FrontierOptions, RedisFrontier } from "./redis-frontier";
export { keyPrefix, LEASE_MS, MAX_DEATHS } from "./script";
export {
  frontierServer,
  type FrontierServer,
  HOW_TO_INSTALL,
  serverProgram,
  startFrontierServer,
} from "./server";
export { type CrawlStatus, crawlStatus, type WorkerStatus } from "./status";
export { type TakenOver, takeOver, type TodoEntry, type TodoList } from "./take-over";
