/** How the checks of `getAddresses` let an answer ask a peer, and judge what comes back. */
import { expectThat, show } from "../../checks/expect";
import type { Check } from "../../checks/exercise";
import { addressString, type AddressTuple } from "../../peer/address";
import type { KnownAddress } from "../../wire/addr";
import { expectSame, spellingOf } from "../shared/address-checks";
import { type GossipPeer, type GossipScript, startGossipPeer } from "../shared/gossip-peers";
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

/** Returns a check of several peers, asked at the same time, none of which gives addresses. */
export function failing(...cases: [when: string, script: GossipScript][]): Check<AskAnswer>["run"] {
  return async (answer, signal) => {
    const asked = cases.map(async ([when, script]) =>
      expectFailure(when, (await ask(when, answer, script, signal)).outcome),
    );
    await Promise.all(asked);
  };
}
