/** How the checks of `getAddresses` let an answer ask a peer, and judge what comes back. */
import { expectThat, show } from "../../checks/expect";
import { answerPlace } from "../../checks/place/answer-place";
import type { Check } from "../../checks/exercise";
import { addressString, type AddressTuple } from "../../peer/address";
import { watchTimers } from "../../util/late-timers";
import type { KnownAddress } from "../../wire/addr";
import { expectSame, spellingOf } from "../shared/address-checks";
import {
  addrPacket,
  type GossipPeer,
  type GossipScript,
  knownAt,
  startGossipPeer,
} from "../shared/gossip-peers";
import { type AnswerOutcome, expectFailure, outcomeOf } from "../shared/peer-checks";

export type AskAnswer = (address: AddressTuple) => Promise<KnownAddress[]>;

/** When a call counts as never finished, in milliseconds: two seconds of waiting, and a good margin. */
export const NEVER_MS = 5000;

interface Asked {
  outcome: AnswerOutcome;
  peer: GossipPeer;
}

/** Lets an answer ask a peer that follows `script`. */
export async function ask(
  when: string,
  answer: AskAnswer,
  script: GossipScript,
  signal: AbortSignal,
): Promise<Asked> {
  const peer = await startGossipPeer(script, signal);
  const outcome = await outcomeOf(when, () => answer(peer.address), undefined, NEVER_MS);
  const at = addressString(peer.address);
  const instead = outcome.isError ? `, and the error ${show((outcome.error as Error)?.message)}` : "";
  expectThat(
    peer.connections() > 0,
    `${when}: expected a connection to ${at}, got ${peer.connections()}${instead}`,
  );
  expectThat(
    peer.connections() === 1,
    `${when}: expected one connection to ${at}, got ${peer.connections()}`,
  );
  return { outcome, peer };
}

/** Returns the addresses that came back, as text. */
export function textsOf(when: string, { isError, error, value }: AnswerOutcome): string[] {
  const instead = isError ? `the error ${show((error as Error)?.message)}` : show(value);
  expectThat(Array.isArray(value), `${when}: expected a list of addresses, got ${instead}`);
  return value.map((known: Partial<KnownAddress> | undefined) => {
    const isKnown = typeof known?.host === "string" && typeof known.port === "number";
    expectThat(isKnown, `${when}: expected entries with host, port, time and services, got ${show(known)}`);
    return spellingOf(when, [known.host, known.port]);
  });
}

/** Returns a check of a peer's answer: the addresses that came back are these, in any order. */
export function answering(
  when: string,
  script: GossipScript,
  ...expected: AddressTuple[][]
): Check<AskAnswer>["run"] {
  return async (answer, signal) => {
    const { outcome } = await ask(when, answer, script, signal);
    expectSame(`${when}: the addresses`, textsOf(when, outcome), expected.flat().map(addressString));
  };
}

/** Milliseconds between two parts of an answer: all of it takes longer than a tenth of a second. */
const PAUSE_MS = 40;
/** A part, or a timer, may be so late that a right answer has hung up; in milliseconds. */
const TOO_LATE_MS = 30;
/** How often parts are sent that came too late. */
const TRIES = 5;

/**
 * Returns a check of an answer that comes in parts, PAUSE_MS apart: all of their addresses come back.
 * On a busy machine a part may come so late that it proves nothing: then the peer is asked again.
 */
export function inParts(parts: readonly AddressTuple[][]): Check<AskAnswer>["run"] {
  const when = `when the answer comes in ${parts.length} messages, ${PAUSE_MS} ms apart`;
  const script = { answer: parts.map((part) => addrPacket(knownAt(part))), pauseMs: PAUSE_MS };
  return async (...given) => {
    for (let tries = 1; ; tries++) {
      const watched = [watchTimers(), answerPlace().watchTimers()];
      const failure = await Promise.resolve(answering(when, script, ...parts)(...given)).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      const lateMs = Math.max(...watched.map((end) => end()));
      if (!failure) return;
      if (lateMs < TOO_LATE_MS || tries === TRIES) throw failure.error;
    }
  };
}

/**
 * Returns a check that an answer which nothing follows is waited for no longer than need be.
 *
 * It judges by the order, not by a clock: a call to a silent peer begins before, and has to end later.
 */
export function endsSoon(known: AddressTuple[]): Check<AskAnswer>["run"] {
  const when = `when the peer names ${known.length} addresses, and nothing follows`;
  return async (answer, signal) => {
    let asked = (): void => {};
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const silent = ask(`${when}, and another peer is silent`, answer, { onAsked: asked }, signal);
    await Promise.race([isAsked, silent]);
    const quick = ask(when, answer, { answer: [addrPacket(knownAt(known))] }, signal);
    const first = await Promise.race([quick.then(() => "quick"), silent.then(() => "silent")]);
    await Promise.all([quick, silent]);
    expectThat(
      first === "quick",
      `${when}: expected it to end a tenth of a second later, got it still waiting when a call to a silent peer, begun before, had used up its two seconds. Is there a timer that hangs up, in milliseconds?`,
    );
  };
}

/** Returns a check of several peers, asked at the same time, none of which gives addresses. */
export function failing(...cases: [when: string, script: GossipScript][]): Check<AskAnswer>["run"] {
  return async (answer, signal) => {
    const asked = cases.map(async ([when, script]) =>
      expectFailure(when, (await ask(when, answer, script, signal)).outcome),
    );
    await Promise.all(asked);
  };
}
