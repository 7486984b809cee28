/** A practice network in a process of its own, so that the work of the tests does not delay its peers. */
import { type PracticeNetwork, type PracticeOptions, startPracticeNetwork } from "@course/lib/practice";
import { usePracticeNetwork as useNetwork } from "../helpers/practice-network";

export function usePracticeNetwork(options: PracticeOptions): () => PracticeNetwork {
  return useNetwork(options, startPracticeNetwork);
}
