/** What the checks of lesson five ask of a visit: which times are there, and that they are in order and of the right clock. */
import type { PeerScript } from "../../checks/fakes/scripted-peer";
import { expectEqual, expectThat, show } from "../../checks/expect";
import { now } from "../../util/clock";
import type { Visit } from "../../peer/visit";
import { callPeer, type CallerAnswer, type CallOutcome, type AnswerOutcome } from "../shared/peer-checks";

/** The moments of a visit, in their order. */
const MOMENTS = ["startedAt", "connectedAt", "sentAt", "firstByteAt", "endedAt"] as const;
type Moment = (typeof MOMENTS)[number];

/** What one visit gave, and when it was made, in milliseconds of the monotonic clock. */
export interface Visited {
  outcome: CallOutcome;
  visit: Visit;
  before: number;
  after: number;
}

/** Lets `caller` visit a peer that does as planned. Throws a Mismatch unless it gives a visit. */
export async function visitPeer(
  when: string,
  caller: CallerAnswer,
  plan: PeerScript,
  signal: AbortSignal,
): Promise<Visited> {
  const before = now();
  const outcome = await callPeer(when, caller, plan, signal);
  return { outcome, visit: requireVisit(when, outcome), before, after: now() };
}

/** The visit that an outcome is. Throws a Mismatch if it is an error, or something else. */
export function requireVisit(when: string, { isError, error, value }: AnswerOutcome): Visit {
  const thrown = error instanceof Error ? show(error.message) : show(error);
  expectThat(
    !isError,
    `${when}: expected a visit with its error in \`error\`, got the error ${thrown} thrown`,
  );
  const isVisit = typeof value === "object" && value !== null && "startedAt" in value;
  expectThat(isVisit, `${when}: expected a visit, got ${show(value)}`);
  return value as Visit;
}

/** These moments are there and no others, startedAt and endedAt aside, which always are. `maybe` may be there. */
export function expectMoments(
  when: string,
  visit: Visit,
  expected: readonly Moment[],
  maybe: readonly Moment[] = [],
): void {
  for (const moment of MOMENTS) {
    const isThere = visit[moment] !== undefined;
    const always = moment === "startedAt" || moment === "endedAt";
    if (always || expected.includes(moment)) {
      expectThat(
        Number.isFinite(visit[moment]),
        `${when}: expected a time in ${moment}, got ${show(visit[moment])}`,
      );
    } else if (!maybe.includes(moment)) {
      expectThat(
        !isThere,
        `${when}: expected no ${moment}, since it did not happen, got ${show(visit[moment])}`,
      );
    }
  }
}

/** The moments that are there come one after the other. */
export function expectInOrder(when: string, visit: Visit): void {
  const there = MOMENTS.filter((moment) => visit[moment] !== undefined);
  there.slice(1).forEach((moment, i) => {
    const earlier = there[i];
    expectThat(
      visit[moment]! >= visit[earlier]!,
      `${when}: expected ${moment} not to be before ${earlier}, got ${visit[moment]} and ${visit[earlier]}`,
    );
  });
}

/** All moments are between the call of the function and its return, by the monotonic clock. */
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

/** There is an error, one with a code that failures can be counted by, and no version message. */
export function expectFailed(when: string, { error, versionMessage }: Visit): void {
  expectThat(error instanceof Error, `${when}: expected an Error in \`error\`, got ${show(error)}`);
  expectThat(
    typeof error.code === "string",
    `${when}: expected an error with a code, a PeerError or a ProtocolError, got ${show(error.message)} without one`,
  );
  expectEqual(`${when}: versionMessage`, versionMessage, undefined);
}
