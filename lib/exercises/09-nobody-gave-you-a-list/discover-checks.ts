/** How the checks of `discover` let an answer call peers that name each other, and judge its visits. */
import { expectThat, Mismatch, show } from "../../checks/expect";
import { stubIn } from "../../checks/exercise";
import { withLimit } from "../../kernel/interrupt";
import type { AddressTuple } from "../../peer/address";
import type { Visit } from "../../peer/visit";
import type { KnownAddress } from "../../wire/addr";
import { expectSame, spellingOf } from "../shared/address-checks";
import { addrPacket, type GossipPeer, knownAt, startGossipPeer } from "../shared/gossip-peers";

export type DiscoverAnswer = (
  seeds: AddressTuple[],
  concurrency: number,
) => AsyncGenerator<Visit & { heardOf: number }, void, undefined>;

type Found = Visit & { heardOf: number };

/** How long to wait for what must not happen, in milliseconds. */
export const SETTLE_MS = 100;
/** After this time an answer never ends, in milliseconds: less than a check has, so that it can say why. */
const NEVER_MS = 8000;
/** A message with more than ten addresses is an answer to getaddr. */
const ENOUGH = 12;

/** An address at which nobody listens. */
export const NOBODY: AddressTuple = ["127.0.0.1", 1];

/** Returns the address of a visit as text, the same for all its spellings. */
export const textOf = (address: AddressTuple) => spellingOf("the address of a visit", address);
/** Returns an IPv4 address in another spelling. */
export const mapped = ([host, port]: AddressTuple): AddressTuple => [`::ffff:${host}`, port];

/** Returns a peer's answer: it names these, again and again, so that it is long enough. */
export function naming(...known: KnownAddress[]): Uint8Array {
  const times = Math.ceil(ENOUGH / known.length);
  return addrPacket(Array.from({ length: times }, () => known).flat());
}

/** Starts a peer that names these addresses, all of them fresh, once `waitsFor` is over. */
export function startNaming(
  addresses: AddressTuple[],
  signal: AbortSignal,
  waitsFor?: Promise<unknown>,
): Promise<GossipPeer> {
  return startGossipPeer({ answer: [naming(...knownAt(addresses))], waitsFor }, signal);
}

function requireFound(value: unknown): Found {
  const visit = value as Partial<Found> | undefined;
  const isVisit = Array.isArray(visit?.address) && typeof visit.heardOf === "number";
  expectThat(isVisit, `expected visits with an address and \`heardOf\`, got ${show(value)}`);
  if (stubIn(visit.error)) throw visit.error as Error;
  return visit as Found;
}

/** Runs an answer to its end. `onVisit` is called with each visit as it comes. */
export async function run(
  answer: DiscoverAnswer,
  seeds: AddressTuple[],
  concurrency = 10,
  onVisit: (visit: Found) => void = () => {},
): Promise<Found[]> {
  const found: Found[] = [];
  const visits: unknown = answer(seeds, concurrency);
  const isAsync = typeof visits === "object" && visits !== null && Symbol.asyncIterator in visits;
  expectThat(isAsync, `expected an async generator, got ${show(visits)}: is it \`async function*\`?`);
  const takeAll = async (): Promise<void> => {
    for await (const visit of visits as AsyncIterable<unknown>) {
      found.push(requireFound(visit));
      onVisit(found.at(-1)!);
      if (found.length > 200) throw new Mismatch("expected a few visits, got more than 200");
    }
  };
  await withLimit(NEVER_MS, () => new Mismatch(neverEnds(seeds, found)), takeAll);
  return found;
}

/** Returns a sentence on an answer that goes on although it has nothing to do. */
function neverEnds(seeds: AddressTuple[], found: Found[]): string {
  const failed = found.filter(({ error }) => error).length;
  const what = seeds.length === 1 ? "one seed" : `${seeds.length} seeds`;
  return `with ${what}: expected an end when nobody waits and nobody is under way, got none after ${found.length} visits, ${failed} of which failed. Does the frontier hear that a call is \`finished\` when it has failed, too?`;
}

/** Expects visits of these addresses, in any order and spelling. */
export function expectVisited(what: string, found: Found[], expected: AddressTuple[]): void {
  expectSame(
    what,
    found.map(({ address }) => textOf(address)),
    expected.map(textOf),
  );
}

/** Lets an answer call peers that wait before they answer. Returns how many were called while all waited. */
export async function calledBeforeAnyAnswer(
  answer: DiscoverAnswer,
  peers: number,
  concurrency: number,
  signal: AbortSignal,
): Promise<number> {
  let [called, atOnce] = [0, 0];
  let go = (): void => {};
  const waitsFor = new Promise<void>((resolve) => (go = resolve));
  const count = (): void => {
    if (++called === 1) setTimeout(() => ((atOnce = called), go()), SETTLE_MS);
  };
  const script = { answer: [naming(...knownAt([NOBODY]))], waitsFor };
  const starts = Array.from({ length: peers }, () => startGossipPeer(script, signal, count));
  const addresses = (await Promise.all(starts)).map(({ address }) => address);
  await run(answer, addresses, concurrency);
  return atOnce;
}
