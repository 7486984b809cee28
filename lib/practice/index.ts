/** The practice network: made-up nodes on loopback. */
export { BEHAVIOUR_NAMES, type BehaviourName, BEHAVIOURS } from "./behaviour/behaviours";
export type { JoinOptions, Network } from "./choose-network";
export { joinNetwork } from "./join";
export { DEFAULT_POPULATION, POPULATION_NAMES, type PopulationName } from "./population/names";
export { populate } from "./population/population";
export { softwareOf, TIP } from "./population/software";
export { NEWER_SHARE } from "./population/user-agents";
export { NETWORK_PROFILE, NETWORK_PROFILE_2026 } from "./profile/profile";
export { fetchGroundTruth } from "./server/fetch-ground-truth";
export type { GroundTruth } from "./server/ground-truth";
export { type LaunchedPracticeNetwork, startPracticeNetwork } from "./server/launch";
export type { ConnectionCounts } from "./server/listeners";
export { rangeOf } from "./server/loopback-ranges";
export { PracticeError } from "./server/practice-error";
export { type PracticeNetwork, type PracticeOptions, servePracticeNetwork } from "./server/server";
export { serveSnapshots, type SnapshotServer } from "./server/snapshot-server";
