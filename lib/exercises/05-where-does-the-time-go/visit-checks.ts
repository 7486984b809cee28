/** Expectations of the checks of lesson five: which times a visit has, in which order, and of which clock. */
import type { PeerScript } from "../../checks/fakes/scripted-peer";
import { expectEqual, expectThat, show } from "../../checks/expect";
import { now } from "../../util/clock";
import type { Visit } from "../../peer/visit";
import { callPeer, type CallerAnswer, type CallOutcome, type AnswerOutcome } from "../shared/peer-checks";

/** The times of a visit, in their order. */
const MOMENTS = ["startedAt", "connectedAt", "sentAt", "firstByteAt", "endedAt"] as const;
type Moment = (typeof MOMENTS)[number];

/** One visit, and when the answer was called and returned, in milliseconds of the monotonic clock. */
export interface Visited {
  outcome: CallOutcome;
  visit: Visit;
  before: number;
  after: number;
}

/** Lets `caller` visit a peer that follows `script`. Throws a Mismatch unless it returns a visit. */
export async function visitPeer(
  when: string,
  caller: CallerAnswer,
  script: PeerScript,
  signal: AbortSignal,
): Promise<Visited> {
  const before = now();
  const outcome = await callPeer(when, caller, script, signal);
  return { outcome, visit: requireVisit(when, outcome), before, after: now() };
}

/** Returns the visit in an outcome. Throws a Mismatch if the answer threw, or returned something else. */
export function requireVisit(when: string, { isError, error, value }: AnswerOutcome): Visit {
  const thrown = error instanceof Error ? show(error.message) : show(error);
  expectThat(
    !isError,
    `${when}: expected a visit with its error in \`error\`, got the error ${thrown} thrown`,
    error,
  );
  const isVisit = typeof value === "object" && value !== null && "startedAt" in value;
  expectThat(isVisit, `${when}: expected a visit, got ${show(value)}`);
  return value as Visit;
}

/** Expects these times, `startedAt` and `endedAt`, and no others. Those in `maybe` are allowed. */
export function expectMoments(
  when: string,
  visit: Visit,
  expected: readonly Moment[],
  maybe: readonly Moment[] = [],
): void {
  for (const moment of MOMENTS) {
    const isPresent = visit[moment] !== undefined;
    const always = moment === "startedAt" || moment === "endedAt";
    if (always || expected.includes(moment)) {
      expectThat(
        Number.isFinite(visit[moment]),
        `${when}: expected a time in ${moment}, got ${show(visit[moment])}`,
      );
    } else if (!maybe.includes(moment)) {
      expectThat(
        !isPresent,
        `${when}: expected no ${moment}, since it did not happen, got ${show(visit[moment])}`,
      );
    }
  }
}

/** Expects that no time is earlier than the ones before it. */
export function expectInOrder(when: string, visit: Visit): void {
  const present = MOMENTS.filter((moment) => visit[moment] !== undefined);
  present.slice(1).forEach((moment, i) => {
    const earlier = present[i];
    expectThat(
      visit[moment]! >= visit[earlier]!,
      `${when}: expected ${moment} not to be before ${earlier}, got ${visit[moment]} and ${visit[earlier]}`,
    );
  });
}

/** Expects that all times are between the call of the answer and its return, by the monotonic clock. */
export function expectMonotonic(when: string, { visit, before, after }: Visited): void {
  for (const moment of MOMENTS) {
    const time = visit[moment];
    if (time === undefined) continue;
    expectThat(
      time >= before && time <= after,
      `${when}: expected ${moment} to be what now() gives during the visit, from ${Math.floor(before)} to ${Math.ceil(after)}, got ${time}`,
    );
  }
}

/** Expects an error with a code, by which failures are counted, and no version message. */
export function expectFailed(when: string, { error, versionMessage }: Visit): void {
  expectThat(error instanceof Error, `${when}: expected an Error in \`error\`, got ${show(error)}`);
  expectThat(
    typeof error.code === "string",
    `${when}: expected an error with a code, a PeerError or a ProtocolError, got ${show(error.message)} without one`,
  );
  expectEqual(`${when}: versionMessage`, versionMessage, undefined);
}
