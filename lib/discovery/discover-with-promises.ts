/**
 * `discover` as lesson nine writes it: a promise per call, and a frontier that says when it is over.
 *
 * `npm run crawl -- --discover` uses the one in discover.ts, which has options, bounds and deadlines, and reads
 * version message and addresses in one connection.
 */
import { type AddressTuple } from "../peer/address";
import { toPeerError } from "../peer/connect";
import { getAddresses } from "../peer/get-addresses";
import type { Visit } from "../peer/visit";
import { now } from "../util/clock";
import { requirePositiveInteger } from "../util/numbers";
import type { KnownAddress } from "../wire/addr";
import { ruleFor } from "./call-rules";
import { freshAddresses, MAX_AGE_SECONDS } from "./fresh-addresses";
import { Frontier } from "./frontier";

/**
 * Asks the seeds for addresses, then whom they name, and so on, until nobody is left to ask.
 *
 * Yields a visit per address when it is over, with the number of addresses heard of by then. At most
 * `concurrency` peers are asked at a time.
 */
export async function* discover(
  seeds: AddressTuple[],
  concurrency: number,
): AsyncGenerator<Visit & { heardOf: number }, void, undefined> {
  requirePositiveInteger("concurrency", concurrency);
  const frontier = new Frontier();
  const mayCall = ruleFor(seeds);
  let heardOf = 0;
  const hear = (address: AddressTuple): void => {
    if (mayCall(address) && frontier.add(address)) heardOf++;
  };
  seeds.forEach(hear);
  const underWay = new Map<AddressTuple, Promise<Asked>>();
  while (!frontier.isDone) {
    while (underWay.size < concurrency) {
      const address = frontier.next();
      if (!address) break;
      underWay.set(address, ask(address));
    }
    const { visit, known } = await Promise.race(underWay.values());
    underWay.delete(visit.address);
    freshAddresses(known, Date.now() / 1000, MAX_AGE_SECONDS).forEach(hear);
    frontier.finished(visit.address);
    yield { ...visit, heardOf };
  }
}

/** What came of asking a peer. */
interface Asked {
  visit: Visit;
  known: KnownAddress[];
}

/** Asks a peer for addresses. Never rejects: what went wrong is in the visit. */
async function ask(address: AddressTuple): Promise<Asked> {
  const visit: Visit = { address, startedAt: now(), endedAt: NaN };
  let known: KnownAddress[] = [];
  try {
    known = await getAddresses(address);
    visit.told = known.length;
  } catch (error) {
    visit.error = toPeerError(error);
  }
  visit.endedAt = now();
  return { visit, known };
}
