/** The practice network: what others may use of it. */
export { fetchGroundTruth } from "./server/fetch-ground-truth";
export { type VisitOutcome } from "./behaviour/behaviour";
export { startPracticeNetwork, type LaunchedPracticeNetwork } from "./server/launch";
export type { ConnectionCounts } from "./server/listeners";
export { BEHAVIOUR_NAMES, type BehaviourName } from "./behaviour/behaviours";
export { PracticeError, type PracticeErrorCode } from "./server/practice-error";
export { NETWORK_PROFILE, type NetworkProfile } from "./profile/profile";
export { servePracticeNetwork, type PracticeNetwork, type PracticeOptions } from "./server/server";
export type { GroundTruth } from "./server/ground-truth";
