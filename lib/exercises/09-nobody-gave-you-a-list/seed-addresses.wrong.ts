/** What learners plausibly write instead of `seedAddresses`. */
import type { WrongAnswer } from "../../checks/exercise";
import { isOnLoopback, isPublic } from "../../discovery/call-rules";
import { type Resolver, seedAddresses } from "../../discovery/seed-addresses";
import type { AddressTuple } from "../../peer/address";
import { spellingOf } from "../shared/address-checks";

/** The names of the checks. */
type Names = Record<
  "BOTH" | "PORT" | "ONE_KIND" | "DEAD" | "ONCE" | "POISONED" | "LOOPBACK" | "TOGETHER",
  string
>;

/** Returns wrong answers, each with the check that catches it. */
export function wrongSeeders(names: Names): readonly WrongAnswer<typeof seedAddresses>[] {
  return [
    {
      name: "asks for IPv4 alone",
      caughtBy: names.BOTH,
      answer: async (names, resolver) =>
        distinct(toAddresses(await Promise.all(names.map((name) => resolver!.resolve4(name).catch(none))))),
    },
    {
      name: "lets one dead seed spoil everything",
      caughtBy: names.DEAD,
      answer: async (names, resolver) =>
        distinct(
          toAddresses(
            await Promise.all(
              names.map(async (name) => [
                ...(await resolver!.resolve4(name)),
                ...(await resolver!.resolve6(name).catch(none)),
              ]),
            ),
          ),
        ),
    },
    {
      name: "drops a seed that has no AAAA records",
      caughtBy: names.ONE_KIND,
      answer: async (names, resolver) =>
        distinct(
          toAddresses(
            await Promise.all(
              names.map((name) =>
                Promise.all([resolver!.resolve4(name), resolver!.resolve6(name)])
                  .then((lists) => lists.flat())
                  .catch(none),
              ),
            ),
          ),
        ),
    },
    {
      name: "keeps duplicates",
      caughtBy: names.ONCE,
      answer: async (names, resolver) => toAddresses(await allHosts(names, resolver!)),
    },
    {
      name: "compares hosts as they are spelled",
      caughtBy: names.ONCE,
      answer: async (names, resolver) => {
        const addresses = toAddresses(await allHosts(names, resolver!));
        return [...new Map(addresses.map((address) => [address.join(" "), address])).values()];
      },
    },
    {
      name: "believes whatever a seed says",
      caughtBy: names.POISONED,
      answer: async (names, resolver) => distinct(everyAddress(await allHosts(names, resolver!))),
    },
    {
      name: "drops a seed with one bad address",
      caughtBy: names.POISONED,
      answer: async (names, resolver) =>
        distinct(
          toAddresses(
            (await allHosts(names, resolver!)).filter((hosts) => hosts.every((host) => mayBeNode([host, 1]))),
          ),
        ),
    },
    {
      name: "keeps public addresses alone",
      caughtBy: names.LOOPBACK,
      answer: async (names, resolver) => (await seedAddresses(names, resolver)).filter(isPublic),
    },
    {
      name: "always says port 8333",
      caughtBy: names.PORT,
      answer: async (names, resolver) =>
        (await seedAddresses(names, resolver)).map(([host]): AddressTuple => [host, 8333]),
    },
    {
      name: "asks one seed after the other",
      caughtBy: names.TOGETHER,
      async answer(names, resolver) {
        const found: AddressTuple[] = [];
        for (const name of names) found.push(...(await seedAddresses([name], resolver)));
        return distinct(found);
      },
    },
    {
      name: "returns hosts without a port",
      caughtBy: names.BOTH,
      answer: async (names, resolver) =>
        (await seedAddresses(names, resolver)).map(([host]) => host) as unknown as AddressTuple[],
    },
  ];
}

const none = (): string[] => [];

const mayBeNode = (address: AddressTuple): boolean => isPublic(address) || isOnLoopback(address);

/** Resolves to the hosts of each answer: two lists per name. */
function allHosts(names: string[], resolver: Resolver): Promise<string[][]> {
  return Promise.all(
    names.flatMap((name) => [resolver.resolve4(name).catch(none), resolver.resolve6(name).catch(none)]),
  );
}

function everyAddress(lists: string[][]): AddressTuple[] {
  return lists.flat().map((host): AddressTuple => [host, 8333]);
}

function toAddresses(lists: string[][]): AddressTuple[] {
  return everyAddress(lists).filter(mayBeNode);
}

function distinct(addresses: AddressTuple[]): AddressTuple[] {
  return [...new Map(addresses.map((address) => [spellingOf("", address), address])).values()];
}
