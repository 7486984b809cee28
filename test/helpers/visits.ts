/** Addresses and visits in tests. */
import type { AddressTuple, Visit } from "@course/lib/peer";

/** Returns all visits of a crawl. */
export async function all(visits: AsyncIterable<Visit>): Promise<Visit[]> {
  const list: Visit[] = [];
  for await (const visit of visits) list.push(visit);
  return list;
}

/** Returns what came of a visit: the peer's user agent, or the code of the error. */
export function outcomeOf({ versionMessage, error }: Visit): string {
  return versionMessage?.userAgent ?? error!.code;
}

/** Returns the same address `times` times. */
export function repeat(address: AddressTuple, times: number): AddressTuple[] {
  return Array.from({ length: times }, () => address);
}

/** Yields the same address without end, and counts how often. */
export function endless(address: AddressTuple, onTaken: (taken: number) => void = () => {}) {
  const addresses = {
    taken: 0,
    isClosed: false,
    *[Symbol.iterator](): Generator<AddressTuple> {
      try {
        for (;;) {
          onTaken(++addresses.taken);
          yield address;
        }
      } finally {
        addresses.isClosed = true;
      }
    },
  };
  return addresses;
}

/** Returns the same addresses as an async iterable: each comes in a later turn of the event loop. */
export async function* later(addresses: Iterable<AddressTuple>): AsyncGenerator<AddressTuple> {
  for (const address of addresses) {
    await new Promise(setImmediate);
    yield address;
  }
}
