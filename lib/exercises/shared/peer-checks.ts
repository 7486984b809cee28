/** How the checks of lessons four to nine let an answer call a peer, and judge both ends of the connection. */
import { type AddressTuple, addressString } from "../../peer/address";
import {
  type PeerConnection,
  type PeerScript,
  type ScriptedPeer,
  startPeer,
} from "../../checks/fakes/scripted-peer";
import { answerPlace } from "../../checks/place/answer-place";
import { expectBytes, versionPacketFields } from "../../checks/expect-bytes";
import { expectEqual, expectThat, Mismatch, show } from "../../checks/expect";
import {
  OUR_VERSION,
  OUR_VERSION_MESSAGE,
  type VersionFields,
  VersionMessage,
} from "../../wire/version-message";
import { stubIn } from "../../checks/exercise";
import type { Visit } from "../../peer/visit";

/** The function under test: the checks assume nothing about what it does. */
export type CallerAnswer = (address: AddressTuple) => unknown;

/** How long a caller may take to close its socket once it is done, in milliseconds. */
const CLOSING_MS = 300;
/** When a call counts as never finished, in milliseconds: a second to connect, one to wait, and a margin. */
const NEVER_MS = 2800;
/** How much earlier than a second "after a second" may be, in milliseconds. */
const EARLY_MS = 100;
/** How much later than a second "after a second" may be, in milliseconds. */
const LATE_MS = 600;

/** What one call returned or threw, and when. */
export interface AnswerOutcome {
  value?: unknown;
  error?: unknown;
  isError: boolean;
  elapsedMs: number;
  /** Milliseconds from the moment this event loop saw a second pass until the end; 0 if it ended before. */
  afterSecondMs: number;
}

/** The outcome of a call to a scripted peer. */
export interface CallOutcome extends AnswerOutcome {
  /** The connection, from the peer's end. */
  connection: PeerConnection;
  /** Returns the words for what the peer has seen. */
  account: () => string;
}

/**
 * Lets `caller` call a peer that follows `script`.
 * `when` opens the messages of errors: "when the peer sends nothing".
 *
 * @throws Mismatch unless the caller connects exactly once and finishes.
 */
export async function callPeer(
  when: string,
  caller: CallerAnswer,
  script: PeerScript,
  signal: AbortSignal,
): Promise<CallOutcome> {
  const peer = await startPeer(script, signal);
  const account = () => accountOf(script, peer);
  const outcome = await outcomeOf(when, () => caller(peer.address), account);
  return { ...outcome, account, connection: await onlyConnection(when, peer, outcome) };
}

/** Returns what a peer has seen of a call, which says whose turn it was: "; nobody connected to the peer". */
function accountOf({ chunks = [], forever, hangsUp }: PeerScript, { connections }: ScriptedPeer): string {
  const [connection] = connections;
  if (!connection) return "; nobody connected to the peer";
  const received = connection.received().length;
  const all =
    received === OUR_VERSION.length ? `all ${received}` : `${received} of the ${OUR_VERSION.length}`;
  const ours = `the peer had received ${all} bytes of OUR_VERSION`;
  if (connection.hasAnswered && hangsUp) return `; ${ours}, and had hung up`;
  if (chunks.length === 0) return `; ${ours}, and had nothing to send`;
  if (received < OUR_VERSION.length) return `; ${ours}, and waited for the rest`;
  if (forever || !connection.hasAnswered) return `; ${ours}, and was still sending`;
  const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
  const count = chunks.length === 1 ? "one chunk" : `${chunks.length} chunks`;
  return (
    `; ${ours}, and had sent all that it had to send: ${bytes} bytes in ${count}. ` +
    "Does every chunk reach the code that reads packets? What has been taken from a socket once does not come again"
  );
}

/**
 * Lets `caller` call an address that never accepts, and looks at its outcome with `expect`.
 *
 * @throws Mismatch unless the caller tries to connect and closes its socket.
 */
export async function callHangingAddress(
  caller: CallerAnswer,
  expect: (when: string, outcome: AnswerOutcome) => void,
  signal: AbortSignal,
): Promise<void> {
  const { address, attempts, areClosed } = answerPlace().startHangingConnect(signal);
  const when = "when the connection is never accepted";
  const outcome = await outcomeOf(when, () => caller(address));
  expectThat(attempts() > 0, `${when}: expected a connection to ${addressString(address)}, got none`);
  expect(when, outcome);
  expectThat(areClosed(), `${when}: ${STILL_OPEN}`);
}

/**
 * Calls `run`, and returns what it returned or threw, and when.
 *
 * @throws Mismatch if it has not finished after `neverMs` milliseconds. `why` then says more.
 */
export async function outcomeOf(
  when: string,
  run: () => unknown,
  why = (): string => "",
  neverMs = NEVER_MS,
): Promise<AnswerOutcome> {
  const startedAt = performance.now();
  let secondAt = Infinity;
  const second = setTimeout(() => (secondAt = performance.now()), 1000);
  const never = timeout(
    neverMs,
    () => `${when}: never finished, after ${neverMs / 1000} seconds of waiting for it${why()}`,
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

function timeout(ms: number, sentence: () => string): { rejection: Promise<never>; clear: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const rejection = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Mismatch(sentence())), ms);
  });
  return { rejection, clear: () => clearTimeout(timer) };
}

async function onlyConnection(
  when: string,
  { address, connections }: ScriptedPeer,
  outcome: AnswerOutcome,
): Promise<PeerConnection> {
  const at = `to ${addressString(address)}`;
  await new Promise((resolve) => setTimeout(resolve, 0)); // a connection may still wait to be accepted
  const instead = outcome.isError ? `none, and ${errorText(outcome.error)}` : "none";
  expectThat(connections.length > 0, `${when}: expected a connection ${at}, got ${instead}`, outcome.error);
  expectThat(connections.length === 1, `${when}: expected one connection ${at}, got ${connections.length}`);
  return connections[0];
}

function errorText(error: unknown): string {
  return `the error ${error instanceof Error ? show(error.message) : show(error)}`;
}

/**
 * Expects that the call returned this version message.
 * `when` opens the sentence: "when the bytes come one by one".
 */
export function expectVersion(when: string, outcome: CallOutcome, expected: VersionMessage): void {
  if (outcome.isError) expectNoError(when, outcome, outcome.error);
  expectVersionFields(when, outcome.value, expected);
}

/** Throws a Mismatch that names this error of a call, and how far the peer had come if the call waited in vain. */
export function expectNoError(when: string, { connection, account }: CallOutcome, error: unknown): void {
  if (error === undefined) return;
  const isWaiting = (error as NodeJS.ErrnoException | null)?.code === "ANSWER_TIMEOUT";
  const why = isWaiting || connection.received().length < OUR_VERSION.length ? account() : "";
  throw new Mismatch(`${when}: expected a version message, got ${errorText(error)}${why}`, { cause: error });
}

/** Expects that a value has the fields of this version message. */
export function expectVersionFields(when: string, value: unknown, expected: VersionMessage): void {
  const isMessage = typeof value === "object" && value !== null && "userAgent" in value;
  expectThat(isMessage, `${when}: expected a VersionMessage, got ${show(value)}`);
  for (const field of Object.keys(expected) as (keyof VersionFields)[]) {
    expectEqual(`${when}: ${field}`, (value as VersionFields)[field], expected[field]);
  }
}

/**
 * Returns an answer's visits. `input` is what it was tried with.
 * Throws a Mismatch if they are no list, and the error of an untouched stub among them.
 */
export function visitsOf(input: string, value: unknown): Visit[] {
  expectThat(Array.isArray(value), `with ${input}: expected a list of visits, got ${show(value)}`);
  const untouched = value.find((visit: Visit | undefined) => stubIn(visit?.error)) as Visit | undefined;
  if (untouched) throw untouched.error as Error;
  return value as Visit[];
}

/** Expects that the call threw an Error. */
export function expectFailure(when: string, { isError, value, error }: AnswerOutcome): void {
  expectThat(isError, `${when}: expected an error, got ${show(value)}`);
  expectThat(error instanceof Error, `${when}: expected an Error, got ${show(error)} thrown`);
}

/** Expects that the call threw an Error after a second of waiting. */
export function expectGivenUp(when: string, outcome: AnswerOutcome): void {
  expectFailure(when, outcome);
  const ms = Math.round(outcome.elapsedMs);
  expectThat(
    ms >= 1000 - EARLY_MS,
    `${when}: expected to wait for a second, got ${errorText(outcome.error)} after ${ms} ms`,
    outcome.error,
  );
  expectThat(
    outcome.afterSecondMs <= LATE_MS,
    `${when}: expected an error after about a second, got it after ${ms} ms`,
  );
}

/** Expects that the peer received `OUR_VERSION` and nothing else. */
export async function expectOurVersion({ connection }: CallOutcome): Promise<void> {
  await connection.closesWithin(CLOSING_MS);
  const fields = versionPacketFields(OUR_VERSION_MESSAGE.userAgent.length);
  expectBytes("what the peer received is not OUR_VERSION", connection.received(), OUR_VERSION, fields);
}

const STILL_OPEN = "expected the socket to be closed afterwards, got one that is still open";

/** Expects that the caller has closed its socket. */
export async function expectClosed(when: string, { connection }: CallOutcome): Promise<void> {
  expectThat(await connection.closesWithin(CLOSING_MS), `${when}: ${STILL_OPEN}`);
}
