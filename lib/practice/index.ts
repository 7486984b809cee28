/** The practice network: what others may use of it. */
export { practiceTruth } from "./ask-truth";
export { type Outcome } from "./behaviour/behaviour";
export { startPracticeNetwork, type LaunchedPracticeNetwork } from "./launch";
export type { Statistics } from "./listeners";
export { MANNER_NAMES, type MannerName } from "./manners";
export { PracticeError, type PracticeErrorCode } from "./practice-error";
export { NETWORK_PROFILE, type NetworkProfile } from "./profile";
export { servePracticeNetwork, type PracticeNetwork, type PracticeOptions } from "./server";
export type { Truth } from "./truth";
