/** 09-nobody-gave-you-a-list: the first addresses, from names. */
import { expectThat, show } from "../../checks/expect";
import { defineExercise } from "../../checks/exercise";
import { isOnLoopback, isPublic } from "../../discovery/call-rules";
import { type Resolver, seedAddresses } from "../../discovery/seed-addresses";
import type { AddressTuple } from "../../peer/address";
import { expectSame, spellingOf } from "../shared/address-checks";

type Answer = typeof seedAddresses;

/** The records of a name: its IPv4 and its IPv6 addresses. A name without an entry does not exist. */
type Zone = Readonly<Record<string, { A?: string[]; AAAA?: string[] }>>;

function dnsError(code: string, name: string): Error {
  return Object.assign(new Error(`query${code} ${name}`), { code });
}

/** Returns a resolver that knows `zone`, and answers as that of `node:dns/promises` does. */
function resolverOf(zone: Zone, nodePort?: number): Resolver {
  const records = (name: string, type: "A" | "AAAA"): Promise<string[]> => {
    const found = Object.hasOwn(zone, name) ? zone[name] : undefined;
    if (!found) return Promise.reject(dnsError("ENOTFOUND", name));
    const hosts = found[type];
    return hosts ? Promise.resolve([...hosts]) : Promise.reject(dnsError("ENODATA", name));
  };
  return {
    ...(nodePort !== undefined && { nodePort }),
    resolve4: (name) => records(name, "A"),
    resolve6: (name) => records(name, "AAAA"),
  };
}

/** How long a resolver waits for a second name, in milliseconds. */
const PATIENCE_MS = 1000;

/** A resolver that answers nothing before it has been asked for two names, or has waited for the second. */
class PatientResolver implements Resolver {
  /** Whether it has waited in vain. */
  isLate = false;
  private readonly names = new Set<string>();
  private open = (): void => {};
  private readonly isOpen = new Promise<void>((resolve) => (this.open = resolve));
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly resolver: Resolver) {}

  resolve4(name: string): Promise<string[]> {
    return this.ask(name, () => this.resolver.resolve4(name));
  }

  resolve6(name: string): Promise<string[]> {
    return this.ask(name, () => this.resolver.resolve6(name));
  }

  private async ask(name: string, query: () => Promise<string[]>): Promise<string[]> {
    this.timer ??= setTimeout(() => {
      this.isLate = true;
      this.open();
    }, PATIENCE_MS);
    this.names.add(name);
    if (this.names.size === 2) {
      clearTimeout(this.timer);
      this.open();
    }
    await this.isOpen;
    return query();
  }
}

/** Expects these addresses, in any order and spelling, each once. */
async function expectAddresses(
  answer: Answer,
  what: string,
  names: string[],
  resolver: Resolver,
  expected: readonly string[],
): Promise<void> {
  const addresses: unknown = await answer(names, resolver);
  expectThat(Array.isArray(addresses), `${what}: expected a list of addresses, got ${show(addresses)}`);
  const texts = addresses.map((address: unknown) => spellingOf(what, address));
  expectSame(what, texts, expected);
}

const ZONE: Zone = {
  "seed.one.test": { A: ["1.2.3.4", "5.6.7.8"], AAAA: ["2a00:1450::7"] },
  "seed.two.test": { A: ["5.6.7.8", "9.10.11.12"], AAAA: ["2A00:1450:0:0::7", "2a00:1450::8"] },
  "seed.four.test": { A: ["13.14.15.16"] },
  "seed.six.test": { AAAA: ["2a00:1450::9"] },
  "seed.loopback.test": { A: ["127.33.0.1"] },
  "seed.poisoned.test": {
    A: ["0.0.0.0", "10.0.0.138", "169.254.169.254", "192.168.1.1", "224.0.0.1", "17.18.19.20"],
    AAAA: ["::", "fe80::1", "fc00::1"],
  },
};

const BOTH = "The addresses are those of the A and of the AAAA records, with port 8333";
const PORT = "If the resolver says which port nodes listen on, that is the port";
const ONE_KIND = "A seed may have records of one kind alone";
const DEAD = "A seed that is dead costs only itself";
const ONCE = "An address that two seeds give comes back once, however they spell it";
const POISONED = "Addresses that no node can have are omitted, and the others of that seed are not";
const LOOPBACK = "Addresses on loopback are those of the practice network, and are kept";
const TOGETHER = "All seeds are asked at the same time";

export default defineExercise<Answer>({
  id: "seedAddresses",
  notebook: "09-nobody-gave-you-a-list",
  title: "The first addresses",
  points: 3,
  solution: seedAddresses,
  source: "discovery/seed-addresses.ts",
  checksAtOnce: true,
  hints: [
    "Each name gives two questions, one for `resolve4` and one for `resolve6`, and each question has hosts as its answer, or an error. What is the answer of a dead seed worth to you? Make that of each error, and all questions have the same kind of answer.",
    "Ask all at once: `Promise.all(names.map(async (name) => …))`. An error becomes no hosts: `resolver.resolve4(name).catch(() => [])`. In the end you have lists of hosts; `flat()` makes one list of them. Then give each a port, keep what `isPublic(address) || isOnLoopback(address)`, and bring each into its one spelling with `canonicalAddress`.",
    "```ts\nconst asked = resolver ?? new DnsResolver();\nconst questions = names.flatMap((name) => [asked.resolve4(name), asked.resolve6(name)]);\nconst hosts = (await Promise.all(questions.map((one) => one.catch(() => [])))).flat();\nconst addresses = hosts.map((host) => canonicalAddress([host, resolver?.nodePort ?? 8333]));\nconst found = new Map<string, AddressTuple>();\nfor (const address of addresses) …          // if it may be a node's: found.set(addressString(address), address)\nreturn [...found.values()];\n```\n\nA `Map` has each key once, so it is the text of an address that makes it one of a kind.",
  ],
  checks: [
    {
      name: BOTH,
      run: (answer) =>
        expectAddresses(
          answer,
          "the addresses of a seed with two A records and one AAAA record",
          ["seed.one.test"],
          resolverOf(ZONE),
          ["1.2.3.4:8333", "5.6.7.8:8333", "[2a00:1450::7]:8333"],
        ),
    },
    {
      name: PORT,
      run: (answer) =>
        expectAddresses(answer, "with a `nodePort` of 18444", ["seed.four.test"], resolverOf(ZONE, 18444), [
          "13.14.15.16:18444",
        ]),
    },
    {
      name: ONE_KIND,
      async run(answer) {
        const what = "the addresses of a seed without";
        const [four, six] = ["seed.four.test", "seed.six.test"];
        await expectAddresses(answer, `${what} AAAA records`, [four], resolverOf(ZONE), ["13.14.15.16:8333"]);
        await expectAddresses(answer, `${what} A records`, [six], resolverOf(ZONE), ["[2a00:1450::9]:8333"]);
      },
    },
    {
      name: DEAD,
      async run(answer) {
        const what = "the addresses of a seed that is there, beside one that is not";
        const names = ["seed.dead.test", "seed.four.test"];
        await expectAddresses(answer, what, names, resolverOf(ZONE), ["13.14.15.16:8333"]);
        await expectAddresses(answer, "if all are dead", ["seed.dead.test"], resolverOf(ZONE), []);
      },
    },
    {
      name: ONCE,
      run: (answer) =>
        expectAddresses(
          answer,
          "the addresses of two seeds that share two of them",
          ["seed.one.test", "seed.two.test"],
          resolverOf(ZONE),
          ["1.2.3.4:8333", "5.6.7.8:8333", "9.10.11.12:8333", "[2a00:1450::7]:8333", "[2a00:1450::8]:8333"],
        ),
    },
    {
      name: POISONED,
      run: (answer) =>
        expectAddresses(
          answer,
          "the addresses of a seed that also answers with private ones",
          ["seed.poisoned.test"],
          resolverOf(ZONE),
          ["17.18.19.20:8333"],
        ),
    },
    {
      name: LOOPBACK,
      run: (answer) =>
        expectAddresses(
          answer,
          "the addresses of a seed of a practice network",
          ["seed.loopback.test"],
          resolverOf(ZONE),
          ["127.33.0.1:8333"],
        ),
    },
    {
      name: TOGETHER,
      async run(answer) {
        const resolver = new PatientResolver(resolverOf(ZONE));
        const names = ["seed.four.test", "seed.six.test"];
        const what = "of two seeds that answer when both have been asked";
        await expectAddresses(answer, what, names, resolver, ["13.14.15.16:8333", "[2a00:1450::9]:8333"]);
        expectThat(
          !resolver.isLate,
          `${what}: expected questions about both, got none about the second while the first had no answer`,
        );
      },
    },
    {
      name: "No names give no addresses",
      run: (answer) => expectAddresses(answer, "the addresses of no names", [], resolverOf(ZONE), []),
    },
  ],
  wrongAnswers: [
    {
      name: "asks for IPv4 alone",
      caughtBy: BOTH,
      answer: async (names, resolver) =>
        distinct(toAddresses(await Promise.all(names.map((name) => resolver!.resolve4(name).catch(none))))),
    },
    {
      name: "lets one dead seed spoil everything",
      caughtBy: DEAD,
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
      caughtBy: ONE_KIND,
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
      caughtBy: ONCE,
      answer: async (names, resolver) => toAddresses(await allHosts(names, resolver!)),
    },
    {
      name: "compares hosts as they are spelled",
      caughtBy: ONCE,
      answer: async (names, resolver) => {
        const addresses = toAddresses(await allHosts(names, resolver!));
        return [...new Map(addresses.map((address) => [address.join(" "), address])).values()];
      },
    },
    {
      name: "believes whatever a seed says",
      caughtBy: POISONED,
      answer: async (names, resolver) => distinct(everyAddress(await allHosts(names, resolver!))),
    },
    {
      name: "drops a seed with one bad address",
      caughtBy: POISONED,
      answer: async (names, resolver) =>
        distinct(
          toAddresses(
            (await allHosts(names, resolver!)).filter((hosts) => hosts.every((host) => mayBeNode([host, 1]))),
          ),
        ),
    },
    {
      name: "keeps public addresses alone",
      caughtBy: LOOPBACK,
      answer: async (names, resolver) => (await seedAddresses(names, resolver)).filter(isPublic),
    },
    {
      name: "always says port 8333",
      caughtBy: PORT,
      answer: async (names, resolver) =>
        (await seedAddresses(names, resolver)).map(([host]): AddressTuple => [host, 8333]),
    },
    {
      name: "asks one seed after the other",
      caughtBy: TOGETHER,
      async answer(names, resolver) {
        const found: AddressTuple[] = [];
        for (const name of names) found.push(...(await seedAddresses([name], resolver)));
        return distinct(found);
      },
    },
    {
      name: "returns hosts without a port",
      caughtBy: BOTH,
      answer: async (names, resolver) =>
        (await seedAddresses(names, resolver)).map(([host]) => host) as unknown as AddressTuple[],
    },
  ],
});

const none = (): string[] => [];

const mayBeNode = (address: AddressTuple): boolean => isPublic(address) || isOnLoopback(address);

/** The hosts of each answer: two lists a name. */
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
