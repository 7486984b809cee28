/**
 * @course/lib: what the lessons import, by room.
 *
 * Programs import the room that they need instead: `@course/lib/crawl`.
 */

// No word of Bitcoin: the clock, files, numbers, random numbers.
export { now, openFiles, openFilesLimit, toUnixMs } from "./util/index";

// Bytes to messages and back. Imports no socket.
export {
  addressKey,
  type AddressKey,
  AddrMessage,
  AddrV2Message,
  ByteReader,
  ByteWriter,
  checksum,
  COMMAND_LENGTH,
  concat,
  fromHex,
  hasChecksum,
  HEADER_LENGTH,
  hexDump,
  hostFromBytes,
  hostToBytes,
  type IsWanted,
  type KnownAddress,
  type KnownAddressV2,
  latin1,
  MAGIC,
  MAGIC_NUMBER,
  MAX_PAYLOAD_LENGTH,
  MAX_USER_AGENT_LENGTH,
  type NetworkAddress,
  OUR_VERSION,
  Packet,
  type PacketHeader,
  parsePacket,
  parseVersionMessage,
  PROTOCOL_ERRORS,
  ProtocolError,
  type ProtocolErrorCode,
  readCommand,
  readNetworkAddress,
  readPackets,
  readVarInt,
  readVarString,
  readWantedAddresses,
  readWantedAddressesV2,
  serializePacket,
  SERVICE_BITS,
  serviceNames,
  textOfBytes,
  toHex,
  type VersionFields,
  VersionMessage,
} from "./wire/index";

// The encrypted transport (BIP 324), as bytes in and bytes out.
export {
  contentsToMessage,
  decodeKey,
  deriveKeys,
  type DirectionKeys,
  findTerminator,
  IGNORE_BIT,
  KeyPair,
  MAX_GARBAGE_LENGTH,
  nextKey,
  openPacket,
  packetNonce,
  PacketOpener,
  PacketSealer,
  REKEY_NUMBER,
  type Role,
  type SessionKeys,
  sharedSecret,
  TAG_LENGTH,
  TERMINATOR_LENGTH,
  Transport,
  type TransportOptions,
} from "./transport/index";

// Bytes that real node software sent.
export { recordedChunks, type Recording, recordingOf } from "./recordings/index";

// One peer: its address, the handshake with it, what can go wrong, and the record of a visit.
export {
  addressString,
  type AddressTuple,
  canonicalAddress,
  DEFAULT_TIMEOUT_MS,
  getAddresses,
  getVersionMessage,
  greeting,
  noDnsLookup,
  PEER_ERRORS,
  PeerError,
  type PeerErrorCode,
  toPeerError,
  visit,
  type Visit,
  visitV2,
  withTimeout,
} from "./peer/index";

// The list of nodes: the bitnodes API and its snapshots.
export {
  getBitnodesApiResponse,
  getNodes,
  noAnswer,
  type NodeDetails,
  type Nodes,
  nodesToAddressStrings,
  nodesToAddressTuples,
  parseSnapshot,
  refusal,
  type Snapshot,
} from "./bitnodes/index";

// Many peers at once, in one thread.
export {
  crawl,
  type CrawlOptions,
  getVersionMessages,
  getVersionMessagesConcurrently,
  mapPool,
  type Progress,
  progressLine,
} from "./crawl/index";

// A network without a list: its DNS seeds, and which addresses may be called.
export { isOnLoopback, isPublic, type Resolver, ruleFor } from "./discovery/index";

// One crawl on several machines.
export {
  askServer,
  beginCrawl,
  frontierServer,
  type FrontierServer,
  HOW_TO_INSTALL,
  leaseExpired,
  type Leases,
  type Machine,
  type MachineOptions,
  startMachine,
  type TakenOver,
  takeOver,
  type TodoEntry,
  type TodoList,
} from "./frontier/index";

// Many threads or processes.
export {
  crawlInProcesses,
  crawlInThreads,
  fibonacci,
  FIBONACCI_SCRIPT,
  fibonacciInThreads,
  getVersionMessagesMultiprocess,
  getVersionMessagesThreaded,
  type ProcessesOptions,
  ProcessWorker,
  SupervisedWorker,
  type ThreadsOptions,
  ThreadWorker,
  unpackVisit,
  VISIT_SCRIPT,
  visitIn,
  workerCount,
} from "./workers/index";

// Answers as data: statistics, files, tables.
export {
  averageSecondsPerAnswer,
  type BoundValue,
  captureRecapture,
  clockSkews,
  compareReleases,
  compareSnapshots,
  countBy,
  heightLags,
  openCrawl,
  openTables,
  operatorsHoldingHalf,
  type PopulationEstimate,
  RELEASE_DATES,
  releaseOf,
  saveCrawl,
  type SavedCrawl,
  snapshotOf,
  type Tables,
  type TableSources,
  waitingShare,
} from "./data/index";

// The practice network: made-up nodes on loopback.
export {
  fetchGroundTruth,
  type GroundTruth,
  joinNetwork,
  type JoinOptions,
  type Network,
  NETWORK_PROFILE,
  NETWORK_PROFILE_2026,
} from "./practice/index";

// The exercises of all lessons.
export { type ExerciseId } from "./exercises/index";

// What the cells of a notebook call.
export {
  check,
  COLOURS,
  crawlWithOpenFilesLimit,
  hint,
  interruptSignal,
  librarySource,
  liveLine,
  type MapOptions,
  type MapPoint,
  plot,
  type PlotData,
  type PlotOptions,
  profileCpu,
  profileLines,
  showTable,
  solution,
  solutionSource,
  type Span,
  stoppable,
  type TableOptions,
  threadFrom,
  timeline,
  type TimelineOptions,
  useSolution,
  worldMap,
} from "./notebook/index";
