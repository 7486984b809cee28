/** All exercises, in the order of the course. To add one: a file in this folder, and a line here. */
import averageSecondsPerAnswer from "./average-seconds-per-answer";
import checksum from "./checksum";
import fibonacciInThreads from "./fibonacci-in-threads";
import getBitnodesApiResponse from "./get-bitnodes-api-response";
import getNodes from "./get-nodes";
import getVersionMessage from "./get-version-message";
import getVersionMessages from "./get-version-messages";
import getVersionMessagesConcurrently from "./get-version-messages-concurrently";
import getVersionMessagesMultiprocess from "./get-version-messages-multiprocess";
import getVersionMessagesThreaded from "./get-version-messages-threaded";
import greeting from "./greeting";
import mapPool from "./map-pool";
import nodesToAddressStrings from "./nodes-to-address-strings";
import nodesToAddressTuples from "./nodes-to-address-tuples";
import parsePacket from "./parse-packet";
import parseVersionMessage from "./parse-version-message";
import progressLine from "./progress-line";
import readCommand from "./read-command";
import readNetworkAddress from "./read-network-address";
import readVarInt from "./read-var-int";
import readVarString from "./read-var-string";
import serializePacket from "./serialize-packet";
import serviceNames from "./service-names";
import countBy from "./count-by";
import releaseOf from "./release-of";
import clockSkews from "./clock-skews";
import heightLags from "./height-lags";
import operatorsHoldingHalf from "./operators-holding-half";
import visit from "./visit";
import waitingShare from "./waiting-share";

export const exercises = {
  greeting,
  readCommand,
  checksum,
  parsePacket,
  serializePacket,
  serviceNames,
  readNetworkAddress,
  readVarInt,
  readVarString,
  parseVersionMessage,
  getBitnodesApiResponse,
  getNodes,
  nodesToAddressStrings,
  nodesToAddressTuples,
  getVersionMessage,
  getVersionMessages,
  progressLine,
  visit,
  waitingShare,
  averageSecondsPerAnswer,
  mapPool,
  getVersionMessagesConcurrently,
  getVersionMessagesThreaded,
  getVersionMessagesMultiprocess,
  fibonacciInThreads,
  countBy,
  releaseOf,
  clockSkews,
  heightLags,
  operatorsHoldingHalf,
};

/** The id of an exercise, which is the name of its function. */
export type ExerciseId = keyof typeof exercises;
