/** The practice network: what others may use of it. */
export { practiceTruth } from "./server/fetch-ground-truth";
export { type Outcome } from "./behaviour/behaviour";
export { startPracticeNetwork, type LaunchedPracticeNetwork } from "./server/launch";
export type { Statistics } from "./server/listeners";
export { MANNER_NAMES, type MannerName } from "./behaviour/behaviours";
export { PracticeError, type PracticeErrorCode } from "./server/practice-error";
export { NETWORK_PROFILE, type NetworkProfile } from "./profile/profile";
export { servePracticeNetwork, type PracticeNetwork, type PracticeOptions } from "./server/server";
export type { Truth } from "./server/ground-truth";
