/** The parts of a check: expectations, fake peers and APIs, and the runner. */
export {
  type AnyAnswer,
  type AnyFunction,
  type Check,
  defineExercise,
  type Exercise,
  isClass,
  lessonsOf,
  stubMessage,
} from "./exercise";
export {
  expectBytes,
  expectFieldsRead,
  packetFields,
  versionPacketFields,
  versionPayloadFields,
} from "./expect-bytes";
export { expectEqual, expectError, Mismatch, show } from "./expect";
export { type MockApi, type MockPlan, withMockApi } from "./fakes/mock-api";
export { refusingAddress, startPeer } from "./fakes/scripted-peer";
export { startHangingConnect } from "./place/hanging-connect";
export { hiddenCheck } from "./hidden";
export { WorkerWatch } from "./place/worker-watch";
export { runChecks } from "./run-checks";
export { showBytes, triedWith } from "./calls";
