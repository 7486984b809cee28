/** 02-version-message: the services that a node offers, bit by bit. */
import { expectEqual } from "../../checks/expect";
import { SERVICE_BITS, serviceNames } from "../../wire/services";
import { defineExercise } from "../../checks/exercise";
import { bits64 } from "../shared/random-input";

type Answer = typeof serviceNames;

/** The services of the recorded nodes: the number in their version messages, and the names of its bits. */
const OFFERED: readonly [services: bigint, names: string[]][] = [
  [1n, ["NETWORK"]],
  [9n, ["NETWORK", "WITNESS"]],
  [77n, ["NETWORK", "BLOOM", "WITNESS", "COMPACT_FILTERS"]],
  [1101n, ["NETWORK", "BLOOM", "WITNESS", "COMPACT_FILTERS", "NETWORK_LIMITED"]],
];

function expectNames(answer: Answer, services: bigint, expected: string[]): void {
  expectEqual(`serviceNames(${services}n), which is 0b${services.toString(2)}`, answer(services), expected);
}

const nameOf = (bit: number): string => serviceNames(1n << BigInt(bit))[0];
const BITS = Array.from({ length: 64 }, (_, bit) => bit);

export default defineExercise<Answer>({
  id: "serviceNames",
  notebook: "02-version-message",
  title: "What a node offers",
  points: 2,
  solution: serviceNames,
  source: "wire/services.ts",
  randomArguments: (random) => [bits64(random)],
  hints: [
    "Ask the same question 64 times: is this bit set? And if it is: does it have a name?",
    "`(services >> BigInt(bit)) & 1n` is `1n` if that bit is set and `0n` if not. `SERVICE_BITS` leads from names to bit numbers; `Object.entries(SERVICE_BITS)` is the list of its pairs, in which you can look for the number.",
    "```ts\nconst names: string[] = [];\nfor (let bit = 0; bit < 64; bit++) {\n  if ((services >> BigInt(bit)) & 1n) names.push(nameOfBit(bit));\n}\nreturn names;\n```\n\nFor `nameOfBit`: `Object.entries(SERVICE_BITS).find(([, number]) => number === bit)` is the pair with that number, or `undefined`; then the name is `` `bit${bit}` ``.",
  ],
  checks: [
    {
      name: "The services of recorded nodes have their names",
      run: (answer) => OFFERED.forEach(([services, names]) => expectNames(answer, services, names)),
    },
    {
      name: "Our own 1039 has five of them",
      run: (answer) =>
        expectNames(answer, 1039n, ["NETWORK", "GETUTXO", "BLOOM", "WITNESS", "NETWORK_LIMITED"]),
    },
    {
      name: "No bit, no name",
      run: (answer) => expectNames(answer, 0n, []),
    },
    {
      name: "Every bit that has a name gets it",
      run(answer) {
        for (const [name, bit] of Object.entries(SERVICE_BITS))
          expectNames(answer, 1n << BigInt(bit), [name]);
      },
    },
    {
      name: "A bit without a name gets its number",
      run(answer) {
        expectNames(answer, 1n << 26n, ["bit26"]);
        expectNames(answer, (1n << 4n) | 1n, ["NETWORK", "bit4"]);
        expectNames(answer, (1n << 24n) | (1n << 11n), ["P2P_V2", "bit24"]);
      },
    },
    {
      name: "All 64 bits are read, up to the last",
      run(answer) {
        for (const bit of BITS) expectNames(answer, 1n << BigInt(bit), [nameOf(bit)]);
        expectNames(answer, (1n << 63n) | 1n, ["NETWORK", "bit63"]);
        expectNames(answer, (1n << 64n) - 1n, BITS.map(nameOf));
      },
    },
  ],
  wrongAnswers: [
    {
      name: "lists only what has a name",
      caughtBy: "A bit without a name gets its number",
      answer: (services) => serviceNames(services).filter((name) => name in SERVICE_BITS),
    },
    {
      name: "begins with the highest bit",
      caughtBy: "Our own 1039 has five of them",
      answer: (services) => serviceNames(services).reverse(),
    },
    {
      name: "counts the digits from the left",
      caughtBy: "The services of recorded nodes have their names",
      answer: (services) =>
        [...services.toString(2)].flatMap((digit, place) => (digit === "1" ? [nameOf(place)] : [])),
    },
    {
      name: "converts it to a number, of which bit operators keep 32 bits",
      caughtBy: "All 64 bits are read, up to the last",
      answer: (services) => BITS.filter((bit) => (Number(services) >> bit) & 1).map(nameOf),
    },
    {
      name: "divides a number, which is exact up to 2^53",
      caughtBy: "All 64 bits are read, up to the last",
      answer: (services) =>
        BITS.filter((bit) => Math.floor(Number(services) / 2 ** bit) % 2 === 1).map(nameOf),
    },
    {
      name: "asks whether this bit or a higher one is set",
      caughtBy: "The services of recorded nodes have their names",
      answer: (services) => BITS.filter((bit) => services >> BigInt(bit) > 0n).map(nameOf),
    },
    {
      name: "stops at bit 31",
      caughtBy: "All 64 bits are read, up to the last",
      answer: (services) => serviceNames(services & 0xffffffffn),
    },
    {
      name: "takes bit 4 as COMPACT_FILTERS, by its place in the list of names",
      caughtBy: "Every bit that has a name gets it",
      answer: (services) =>
        BITS.filter((bit) => (services >> BigInt(bit)) & 1n).map(
          (bit) => Object.keys(SERVICE_BITS)[bit] ?? `bit${bit}`,
        ),
    },
    {
      name: "joins them into one text",
      caughtBy: "The services of recorded nodes have their names",
      answer: (services) => serviceNames(services).join(", ") as unknown as string[],
    },
  ],
});
