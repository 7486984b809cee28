/**
 * All exercises, in the order of the course.
 * To add one, add its file in the folder of its lesson, and a line here.
 */
import averageSecondsPerAnswer from "./05-where-does-the-time-go/average-seconds-per-answer";
import checksum from "./01-message-envelope/checksum";
import deriveKeys from "./11-noise/derive-keys";
import fibonacciInThreads from "./07-threads-and-processes/fibonacci-in-threads";
import findTerminator from "./11-noise/find-terminator";
import getBitnodesApiResponse from "./03-bitnodes-api/get-bitnodes-api-response";
import getNodes from "./03-bitnodes-api/get-nodes";
import getVersionMessage from "./04-calling-all-nodes/get-version-message";
import getVersionMessages from "./04-calling-all-nodes/get-version-messages";
import getVersionMessagesConcurrently from "./06-many-at-once/get-version-messages-concurrently";
import getVersionMessagesMultiprocess from "./07-threads-and-processes/get-version-messages-multiprocess";
import getVersionMessagesThreaded from "./07-threads-and-processes/get-version-messages-threaded";
import greeting from "./00-welcome/greeting";
import mapPool from "./06-many-at-once/map-pool";
import nextKey from "./11-noise/next-key";
import nodesToAddressStrings from "./03-bitnodes-api/nodes-to-address-strings";
import nodesToAddressTuples from "./03-bitnodes-api/nodes-to-address-tuples";
import openPacket from "./11-noise/open-packet";
import parsePacket from "./01-message-envelope/parse-packet";
import parseVersionMessage from "./02-version-message/parse-version-message";
import progressLine from "./04-calling-all-nodes/progress-line";
import readCommand from "./01-message-envelope/read-command";
import readNetworkAddress from "./02-version-message/read-network-address";
import readVarInt from "./02-version-message/read-var-int";
import readVarString from "./02-version-message/read-var-string";
import serializePacket from "./01-message-envelope/serialize-packet";
import serviceNames from "./02-version-message/service-names";
import sharedSecret from "./11-noise/shared-secret";
import countBy from "./08-a-sea-of-bytes/count-by";
import releaseOf from "./08-a-sea-of-bytes/release-of";
import clockSkews from "./08-a-sea-of-bytes/clock-skews";
import heightLags from "./08-a-sea-of-bytes/height-lags";
import operatorsHoldingHalf from "./08-a-sea-of-bytes/operators-holding-half";
import connectRequest from "./09-nobody-gave-you-a-list/connect-request";
import discover from "./09-nobody-gave-you-a-list/discover";
import freshAddresses from "./09-nobody-gave-you-a-list/fresh-addresses";
import Frontier from "./09-nobody-gave-you-a-list/frontier";
import getAddresses from "./09-nobody-gave-you-a-list/get-addresses";
import leaseExpired from "./10-more-than-one-machine/lease-expired";
import takeOver from "./10-more-than-one-machine/take-over";
import seedAddresses from "./09-nobody-gave-you-a-list/seed-addresses";
import visit from "./05-where-does-the-time-go/visit";
import waitingShare from "./05-where-does-the-time-go/waiting-share";

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
  seedAddresses,
  getAddresses,
  freshAddresses,
  Frontier,
  discover,
  connectRequest,
  leaseExpired,
  takeOver,
  sharedSecret,
  deriveKeys,
  openPacket,
  nextKey,
  findTerminator,
};

/** The id of an exercise, which is the name of its function or class. */
export type ExerciseId = keyof typeof exercises;
