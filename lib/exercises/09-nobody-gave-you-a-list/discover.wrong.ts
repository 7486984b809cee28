/** What learners plausibly write instead of `discover`. */
import type { WrongAnswer } from "../../checks/exercise";
import { ruleFor } from "../../discovery/call-rules";
import { freshAddresses } from "../../discovery/fresh-addresses";
import { Frontier } from "../../discovery/frontier";
import { addressString, type AddressTuple } from "../../peer/address";
import { toPeerError } from "../../peer/connect";
import { getAddresses } from "../../peer/get-addresses";
import type { Visit } from "../../peer/visit";
import { now } from "../../util/clock";
import type { KnownAddress } from "../../wire/addr";

type Found = Visit & { heardOf: number };
type Answer = (seeds: AddressTuple[], concurrency: number) => AsyncGenerator<Found, void, undefined>;

/** The names of the checks. */
type Names = Record<
  "CHAIN" | "ONCE" | "BOUND" | "TOGETHER" | "UNDER_WAY" | "FAILURES" | "HEARD" | "FRESH" | "RULE" | "AT_ONCE",
  string
>;

/** In what a discovery differs from the right one. */
interface Flaws {
  /** Whether it calls the seeds alone. */
  seedsOnly?: boolean;
  /** Whether addresses are compared as they are spelled. */
  asSpelled?: boolean;
  /** How many are called at a time. */
  atATime?: number;
  /** Whether it is over when nobody waits. */
  isHasty?: boolean;
  /** Whether an error of a call ends it. */
  isFragile?: boolean;
  /** Whether the error of a visit is left out. */
  dropsErrors?: boolean;
  /** Whether `heardOf` counts mentions. */
  countsMentions?: boolean;
  /** Whether `heardOf` leaves out the seeds. */
  forgetsSeeds?: boolean;
  /** Whether all addresses are fresh. */
  isGullible?: boolean;
  /** Whether all addresses may be called. */
  callsAnybody?: boolean;
  /** Whether `told` counts the fresh addresses alone. */
  countsFresh?: boolean;
  /** Whether the visits are yielded at the end. */
  isLate?: boolean;
}

/** Returns wrong answers, each with the check that catches it. */
export function wrongDiscoveries(names: Names): readonly WrongAnswer<Answer>[] {
  return [
    { name: "calls the seeds alone", caughtBy: names.CHAIN, answer: flawed({ seedsOnly: true }) },
    {
      name: "compares addresses as they are spelled",
      caughtBy: names.ONCE,
      answer: flawed({ asSpelled: true }),
    },
    { name: "calls everybody at once", caughtBy: names.BOUND, answer: flawed({ atATime: 1000 }) },
    { name: "calls one after the other", caughtBy: names.TOGETHER, answer: flawed({ atATime: 1 }) },
    { name: "is over when nobody waits", caughtBy: names.UNDER_WAY, answer: flawed({ isHasty: true }) },
    {
      name: "ends with the first call that fails",
      caughtBy: names.FAILURES,
      answer: flawed({ isFragile: true }),
    },
    { name: "says nothing of errors", caughtBy: names.FAILURES, answer: flawed({ dropsErrors: true }) },
    { name: "counts mentions", caughtBy: names.HEARD, answer: flawed({ countsMentions: true }) },
    { name: "does not count the seeds", caughtBy: names.HEARD, answer: flawed({ forgetsSeeds: true }) },
    {
      name: "calls whom nobody has seen for months",
      caughtBy: names.FRESH,
      answer: flawed({ isGullible: true }),
    },
    {
      name: "counts only the fresh ones of those whom a peer names",
      caughtBy: names.FRESH,
      answer: flawed({ countsFresh: true }),
      message: /`told` of a peer that names 12 addresses, 3 of which are fresh/,
    },
    { name: "calls whoever is named", caughtBy: names.RULE, answer: flawed({ callsAnybody: true }) },
    { name: "gives all visits at the end", caughtBy: names.AT_ONCE, answer: flawed({ isLate: true }) },
  ];
}

/** A frontier that tells spellings apart. */
class SpellingFrontier extends Frontier {
  private readonly spelled = new Map<string, AddressTuple>();
  private readonly queued: AddressTuple[] = [];
  private readonly called = new Set<string>();

  override get isDone(): boolean {
    return this.queued.length === 0 && this.called.size === 0;
  }
  override add(address: AddressTuple): boolean {
    if (this.spelled.has(addressString(address))) return false;
    this.spelled.set(addressString(address), address);
    this.queued.push(address);
    return true;
  }
  override next(): AddressTuple | undefined {
    const address = this.queued.shift();
    if (address) this.called.add(addressString(address));
    return address;
  }
  override finished(address: AddressTuple): void {
    this.called.delete(addressString(address));
  }
}

/** Returns a discovery with these flaws, and otherwise right. */
function flawed(flaws: Flaws): Answer {
  return async function* (seeds, concurrency) {
    const frontier = flaws.asSpelled ? new SpellingFrontier() : new Frontier();
    const mayCall = ruleFor(seeds);
    const late: Found[] = [];
    let heardOf = 0;
    const hear = (address: AddressTuple): void => {
      // No wrong answer calls anybody outside of this computer: what is not on loopback is only counted.
      if (!mayCall(address) && !flaws.callsAnybody) return;
      if (frontier.add(address) || flaws.countsMentions) heardOf++;
    };
    seeds.forEach(hear);
    if (flaws.forgetsSeeds) heardOf = 0;
    const underWay = new Map<AddressTuple, Promise<{ visit: Visit; known: KnownAddress[] }>>();
    const isOver = () => frontier.isDone || (flaws.isHasty === true && frontier.waiting === 0);
    do {
      while (underWay.size < (flaws.atATime ?? concurrency)) {
        const address = frontier.next();
        if (!address) break;
        underWay.set(address, mayCall(address) ? ask(address, flaws) : uncalled(address));
      }
      if (underWay.size === 0) break;
      const { visit, known } = await Promise.race(underWay.values());
      underWay.delete(visit.address);
      const named = flaws.isGullible
        ? known.map(({ host, port }): AddressTuple => [host, port])
        : freshAddresses(known, Date.now() / 1000, 30 * 24 * 60 * 60);
      if (!visit.error) visit.told = flaws.countsFresh ? named.length : known.length;
      if (!flaws.seedsOnly) named.forEach(hear);
      frontier.finished(visit.address);
      if (flaws.isLate) late.push({ ...visit, heardOf });
      else yield { ...visit, heardOf };
    } while (!isOver());
    yield* late;
  };
}

async function ask(
  address: AddressTuple,
  { isFragile, dropsErrors }: Flaws,
): Promise<{ visit: Visit; known: KnownAddress[] }> {
  const visit: Visit = { address, startedAt: now(), endedAt: NaN };
  const known = await getAddresses(address).catch((error: unknown): KnownAddress[] => {
    if (isFragile) throw error;
    if (!dropsErrors) visit.error = toPeerError(error);
    return [];
  });
  visit.endedAt = now();
  return { visit, known };
}

/** Resolves to what a call outside of this computer might have given. */
async function uncalled(address: AddressTuple): Promise<{ visit: Visit; known: KnownAddress[] }> {
  const visit: Visit = {
    address,
    startedAt: now(),
    endedAt: now(),
    error: toPeerError(new Error("refused")),
  };
  return { visit, known: [] };
}
