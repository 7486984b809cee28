/** All exercises, in the order of the course. To add one: a file in this folder, and a line here. */
import getBitnodesApiResponse from "./get-bitnodes-api-response";
import getNodes from "./get-nodes";
import getVersionMessage from "./get-version-message";
import getVersionMessages from "./get-version-messages";
import greeting from "./greeting";
import nodesToAddressStrings from "./nodes-to-address-strings";
import nodesToAddressTuples from "./nodes-to-address-tuples";
import progressLine from "./progress-line";

export const exercises = {
  greeting,
  getBitnodesApiResponse,
  getNodes,
  nodesToAddressStrings,
  nodesToAddressTuples,
  getVersionMessage,
  getVersionMessages,
  progressLine,
};

/** The id of an exercise, which is the name of its function. */
export type ExerciseId = keyof typeof exercises;
