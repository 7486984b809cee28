/** 09-nobody-gave-you-a-list: the first addresses, from names. */
import { expectThat, show } from "../../checks/expect";
import { defineExercise } from "../../checks/exercise";
import { type Resolver, seedAddresses } from "../../discovery/seed-addresses";
import { expectSame, spellingOf } from "../shared/address-checks";
import { PatientResolver, resolverOf, type Zone } from "./fake-resolvers";
import { wrongSeeders } from "./seed-addresses.wrong";

type Answer = typeof seedAddresses;

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
  wrongAnswers: wrongSeeders({ BOTH, PORT, ONE_KIND, DEAD, ONCE, POISONED, LOOPBACK, TOGETHER }),
});
