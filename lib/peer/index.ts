/** Calls one peer: its address, the handshake, the errors, and the record of a visit. */
import "./packet-from-socket";
export { addressString, type AddressTuple, canonicalAddress, nodeKey, parseAddress } from "./address";
export { DEFAULT_TIMEOUT_MS, noDnsLookup, toPeerError, withTimeout } from "./connect";
export { shouldDowngrade } from "./downgrade";
export { PEER_ERRORS, PeerError, type PeerErrorCode } from "./errors";
export { getAddresses } from "./get-addresses";
export { greeting } from "./greeting";
export { getVersionMessage, visit } from "./handshake";
export { type Lane, laneOf } from "./lane";
export { parseProxy, type Proxy, ProxyError, requireProxy } from "./proxy";
export { visitV2 } from "./visit-v2";
export type { GossipOutcome, Visit } from "./visit";
