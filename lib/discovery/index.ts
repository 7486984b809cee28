/** Finds a network from a few names: DNS seeds, the addresses that peers know, and the frontier between. */
export { type CallRule, isHidden, isOnLoopback, isPublic, orThroughProxy, ruleFor } from "./call-rules";
export { discover, type DiscoverOptions, MAX_PER_GROUP } from "./discover";
export { freshAddresses } from "./fresh-addresses";
export { type AddressFrontier, Frontier } from "./frontier";
export { LanedFrontier } from "./laned-frontier";
export { askSeeds, LIVE_SEEDS, type Resolver, type SeedAnswer, seedAddresses } from "./seed-addresses";
