/** 03-bitnodes-api: the keys of an object. */
import type { AddressTuple } from "../../peer/address";
import { nodesToAddressStrings, nodesToAddressTuples } from "../../bitnodes/addresses";
import { expectEqual, show } from "../../checks/expect";
import { defineExercise } from "../../checks/exercise";
import { nodesNamed } from "../shared/sample-snapshots";
import { nodes } from "../shared/random-input";

type Answer = typeof nodesToAddressStrings;

/** Keys of every kind, with the ports that occur: another than 8333, and I2P's. */
const FIVE_KEYS = [
  "192.0.2.1:8333",
  "198.51.100.5:39388",
  "[2001:db8::1]:8333",
  "expyuzz4wqqyqhjn.onion:8333",
  "ukeu3k5oycgaauneqgtn.b32.i2p:0",
];

function expectKeys(answer: Answer, keys: string[]): void {
  const nodes = nodesNamed(keys);
  expectEqual(`the addresses of nodes with the keys ${show(keys, 200)}`, answer(nodes), keys);
  expectEqual("the nodes that were passed in, afterwards", nodes, nodesNamed(keys));
}

export default defineExercise<Answer>({
  id: "nodesToAddressStrings",
  notebook: "03-bitnodes-api",
  title: "Addresses as text",
  points: 1,
  solution: nodesToAddressStrings,
  source: "bitnodes/addresses.ts",
  randomArguments: (random) => [nodes(random)],
  hints: [
    "The addresses are there already: they are the names under which the nodes stand in the object.",
    "JavaScript has a function that lists the keys of an object. It belongs to `Object`.",
    "`Object.keys(nodes)` is the list.",
  ],
  checks: [
    {
      name: "Every key of the nodes is in the list, as it is written",
      run(answer) {
        expectKeys(answer, ["192.168.0.1:8333", "FE80:CD00:0:CDE:1257:0:211E:729C:8333"]);
        expectKeys(answer, ["[2001:db8::1]:8333", "expyuzz4wqqyqhjn.onion:8333"]);
        expectKeys(answer, FIVE_KEYS);
      },
    },
    {
      name: "They are in the order of the snapshot",
      run: (answer) => expectKeys(answer, ["203.0.113.9:8333", "192.0.2.1:8333", "198.51.100.5:8333"]),
    },
    {
      name: "No nodes give an empty list",
      run: (answer) => expectKeys(answer, []),
    },
  ],
  wrongAnswers: [
    {
      name: "lists the details instead of the addresses",
      caughtBy: "Every key of the nodes is in the list, as it is written",
      answer: (nodes) => Object.values(nodes) as unknown as string[],
    },
    {
      name: "omits the ports",
      caughtBy: "Every key of the nodes is in the list, as it is written",
      answer: (nodes) => nodesToAddressTuples(nodes).map(([host]) => host),
    },
    {
      name: "separates host and port",
      caughtBy: "Every key of the nodes is in the list, as it is written",
      answer: (nodes) => nodesToAddressTuples(nodes) as (string | AddressTuple)[] as string[],
    },
    {
      name: "returns the first three",
      caughtBy: "Every key of the nodes is in the list, as it is written",
      answer: (nodes) => Object.keys(nodes).slice(0, 3),
      message: /expected 5 entries, got 3; the first missing is "expyuzz4wqqyqhjn\.onion:8333"/,
    },
    {
      name: "lists the usual port only",
      caughtBy: "Every key of the nodes is in the list, as it is written",
      answer: (nodes) => Object.keys(nodes).filter((key) => key.endsWith(":8333")),
      message: /entry 1: expected "198\.51\.100\.5:39388", got "\[2001:db8::1\]:8333"/,
    },
    {
      name: "omits port 0",
      caughtBy: "Every key of the nodes is in the list, as it is written",
      answer: (nodes) => Object.keys(nodes).filter((key) => !key.endsWith(":0")),
    },
    {
      name: "sorts them",
      caughtBy: "They are in the order of the snapshot",
      answer: (nodes) => Object.keys(nodes).sort(),
    },
    {
      name: "requires at least one node",
      caughtBy: "No nodes give an empty list",
      answer(nodes) {
        const keys = Object.keys(nodes);
        if (keys.length === 0) throw new Error("no nodes");
        return keys;
      },
    },
  ],
});
