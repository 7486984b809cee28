/** How the checks of lesson four let an answer call a peer, and look at the conversation from both ends. */
import { type AddressTuple, addressString } from "../../peer/address";
import {
  type PeerConnection,
  type PeerScript,
  type ScriptedPeer,
  startPeer,
} from "../../checks/fakes/scripted-peer";
import { expectBytes, versionPacketFields } from "../../checks/expect-bytes";
import { expectEqual, expectThat, Mismatch, show } from "../../checks/expect";
import {
  OUR_VERSION,
  OUR_VERSION_MESSAGE,
  type VersionFields,
  VersionMessage,
} from "../../wire/version-message";
import { stubIn } from "../../checks/exercise";

/** The function under test, of which nothing is believed. */
export type CallerAnswer = (address: AddressTuple) => unknown;

/** How long a caller may take to close its socket once it is done, in milliseconds. */
const CLOSING_MS = 300;
/** How long a call may take before it counts as never finished: a second of connecting, one of waiting, and being late. */
const NEVER_MS = 2800;
/** How far from a second "after a second" may be, in milliseconds: earlier, and later. */
const EARLY_MS = 100;
const LATE_MS = 600;

/** How one call came out. */
export interface AnswerOutcome {
  value?: unknown;
  error?: unknown;
  isError: boolean;
  elapsedMs: number;
  /** By how much it came after a second had passed for this event loop, in milliseconds; 0 if before. */
  afterSecondMs: number;
}

export interface CallOutcome extends AnswerOutcome {
  call: PeerConnection;
}

/** Lets `caller` call a peer that does as planned. Throws a Mismatch unless it connects, once, and comes to an end. `when` opens the sentence: "when the peer says nothing". */
export async function converse(
  when: string,
  caller: CallerAnswer,
  plan: PeerScript,
  signal: AbortSignal,
): Promise<CallOutcome> {
  const peer = await startPeer(plan, signal);
  const outcome = await outcomeOf(when, () => caller(peer.address));
  return { ...outcome, call: await onlyCall(peer, outcome) };
}

/** What `run` gives or throws, and when. Throws a Mismatch if it never finishes. */
export async function outcomeOf(when: string, run: () => unknown): Promise<AnswerOutcome> {
  const startedAt = performance.now();
  let secondAt = Infinity;
  const second = setTimeout(() => (secondAt = performance.now()), 1000);
  const never = timeout(
    NEVER_MS,
    `${when}: never finished, after ${NEVER_MS / 1000} seconds of waiting for it`,
  );
  const outcome: AnswerOutcome = { isError: false, elapsedMs: 0, afterSecondMs: 0 };
  try {
    outcome.value = await Promise.race([run(), never.rejection]);
  } catch (error) {
    if (error instanceof Mismatch || stubIn(error)) throw error;
    Object.assign(outcome, { isError: true, error });
  } finally {
    clearTimeout(second);
    never.clear();
  }
  const endedAt = performance.now();
  outcome.elapsedMs = endedAt - startedAt;
  outcome.afterSecondMs = Math.max(0, endedAt - secondAt);
  return outcome;
}

function timeout(ms: number, sentence: string): { rejection: Promise<never>; clear: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const rejection = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Mismatch(sentence)), ms);
  });
  return { rejection, clear: () => clearTimeout(timer) };
}

async function onlyCall(
  { address, connections: calls }: ScriptedPeer,
  outcome: AnswerOutcome,
): Promise<PeerConnection> {
  const at = `to ${addressString(address)}`;
  await new Promise((resolve) => setTimeout(resolve, 0)); // a connection may still wait to be accepted
  const instead = outcome.isError ? `none, and ${thrown(outcome)}` : "none";
  expectThat(calls.length > 0, `expected a connection ${at}, got ${instead}`);
  expectThat(calls.length === 1, `expected one connection ${at}, got ${calls.length}`);
  return calls[0];
}

function thrown({ error }: AnswerOutcome): string {
  return `the error ${error instanceof Error ? show(error.message) : show(error)}`;
}

/** The call came out with this version message. `when` opens the sentence: "when the bytes come one by one". */
export function expectVersion(when: string, session: CallOutcome, expected: VersionMessage): void {
  if (session.isError) {
    const heard = session.call.received().length;
    const why =
      heard < OUR_VERSION.length
        ? `; the peer had waited for the ${OUR_VERSION.length} bytes of OUR_VERSION, and got ${heard}`
        : "";
    throw new Mismatch(`${when}: expected a version message, got ${thrown(session)}${why}`);
  }
  expectVersionFields(when, session.value, expected);
}

/** A value has the fields of this version message. */
export function expectVersionFields(when: string, value: unknown, expected: VersionMessage): void {
  const isMessage = typeof value === "object" && value !== null && "userAgent" in value;
  expectThat(isMessage, `${when}: expected a VersionMessage, got ${show(value)}`);
  for (const field of Object.keys(expected) as (keyof VersionFields)[]) {
    expectEqual(`${when}: ${field}`, (value as VersionFields)[field], expected[field]);
  }
}

/** The call came out with an Error. */
export function expectFailure(when: string, { isError, value, error }: AnswerOutcome): void {
  expectThat(isError, `${when}: expected an error, got ${show(value)}`);
  expectThat(error instanceof Error, `${when}: expected an Error, got ${show(error)} thrown`);
}

/** The call came out with an Error, after a second of waiting. */
export function expectGivenUp(when: string, outcome: AnswerOutcome): void {
  expectFailure(when, outcome);
  const ms = Math.round(outcome.elapsedMs);
  expectThat(
    ms >= 1000 - EARLY_MS,
    `${when}: expected to wait for a second, got ${thrown(outcome)} after ${ms} ms`,
  );
  expectThat(
    outcome.afterSecondMs <= LATE_MS,
    `${when}: expected an error after about a second, got it after ${ms} ms`,
  );
}

/** The peer received `OUR_VERSION` and nothing else. */
export async function expectOurVersion({ call }: CallOutcome): Promise<void> {
  await call.closesWithin(CLOSING_MS);
  const fields = versionPacketFields(OUR_VERSION_MESSAGE.userAgent.length);
  expectBytes("what the peer received is not OUR_VERSION", call.received(), OUR_VERSION, fields);
}

/** The caller has closed its socket. */
export async function expectClosed(when: string, { call }: CallOutcome): Promise<void> {
  const isClosed = await call.closesWithin(CLOSING_MS);
  expectThat(isClosed, `${when}: expected the socket to be closed afterwards, got one that is still open`);
}
