/** The practice network: what others may use of it. */
export { practiceTruth } from "./ask-truth";
export { startPracticeNetwork, type LaunchedPracticeNetwork } from "./launch";
export type { Statistics } from "./listeners";
export { MANNER_NAMES, type MannerName, type Outcome } from "./manners";
export { NETWORK_PROFILE, type NetworkProfile } from "./profile";
export { PracticeError, type PracticeErrorCode } from "./practice-error";
export { type PracticeNetwork, type PracticeOptions, servePracticeNetwork } from "./server";
export type { Truth } from "./truth";
