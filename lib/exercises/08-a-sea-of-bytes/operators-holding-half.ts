/** 08-a-sea-of-bytes: how few network operators hold half of the nodes. */
import type { NodeDetails, Snapshot } from "../../bitnodes/api";
import { triedWith } from "../../checks/calls";
import { expectEqual } from "../../checks/expect";
import { countBy, operatorsHoldingHalf } from "../../data/statistics";
import { defineExercise } from "../../checks/exercise";
import { FIVE_FIELDS, snapshotOf, THIRTEEN_FIELDS } from "../shared/sample-snapshots";
import { listOf, oneOf } from "../shared/random-input";

type Answer = typeof operatorsHoldingHalf;

/** Returns a snapshot with this many nodes per operator; null is an unknown operator. */
function withOperators(...operators: [asn: string | null, nodes: number][]): Snapshot {
  const list = operators.flatMap(([asn, count]) => Array.from({ length: count }, () => asn));
  return snapshotOf(Object.fromEntries(list.map((asn, i) => [`192.0.2.${i}:8333`, nodeOf(asn)])));
}

function nodeOf(asn: string | null): NodeDetails {
  return [...THIRTEEN_FIELDS.slice(0, 11), asn, asn && `Organization of ${asn}`] as unknown as NodeDetails;
}

function expectOperators(answer: Answer, snapshot: Snapshot, expected: number): void {
  const asns = asnsOf(snapshot).map((asn) => (asn === undefined ? "no entry 11" : String(asn)));
  const operators = [...new Set(asns)].map((asn) => `${asn} ${asns.filter((one) => one === asn).length}`);
  const input = `a snapshot with these nodes per operator: ${operators.join(", ") || "none"}`;
  expectEqual(
    `for ${input}`,
    triedWith(input, () => answer(snapshot)),
    expected,
  );
}

const asnsOf = ({ nodes }: Snapshot) => Object.values(nodes).map((node) => node[11]);
const known = (snapshot: Snapshot) => asnsOf(snapshot).filter((asn) => asn && asn !== "TOR");

/** Returns how many of the biggest operators it takes to hold `enough` of `whole` nodes. */
function fewest(asns: unknown[], whole: number, enough: (held: number, whole: number) => boolean): number {
  let held = 0;
  return [...countBy(asns, String).values()].filter((count) => {
    if (enough(held, whole)) return false;
    held += count;
    return true;
  }).length;
}
const half = (held: number, whole: number) => 2 * held >= whole;

export default defineExercise<Answer>({
  id: "operatorsHoldingHalf",
  notebook: "08-a-sea-of-bytes",
  title: "How few hold half",
  points: 3,
  solution: operatorsHoldingHalf,
  source: "data/statistics.ts",
  randomArguments: (random) => [
    withOperators(
      ...listOf(random, 8, (): [string | null, number] => [
        oneOf(random, ["AS1", "AS2", "AS3", "AS4", "AS5", "TOR", null]),
        random.integer(1, 6),
      ]),
    ),
  ],
  hints: [
    "Count the nodes by operator, and begin with the biggest: how many do you have to take until you have half? Before that, decide half of what: nodes whose operator nobody knows belong to nobody.",
    "The operator's number is entry 11 of a node's array, after the country's 7 and before its name. Leave out the nodes where it is `null`, where there is no such entry, and where it is `TOR`, which is no operator but the want of one. `countBy` then gives the counts in the right order.",
    "```ts\nlet operators = 0;\nlet held = 0;\nfor (const count of countBy(known, (asn) => asn).values()) {\n  if (2 * held >= known.length) break;\n  held += count;\n  operators++;\n}\nreturn operators;\n```\n\nwith `known`, the list of the operators' numbers, made before. Asking first and adding then is right for an empty list, too.",
  ],
  checks: [
    {
      name: "The biggest come first, until they hold half",
      run: (answer) =>
        expectOperators(answer, withOperators(["AS1", 2], ["AS2", 1], ["AS3", 5], ["AS4", 4]), 2),
    },
    {
      name: "Exactly half is enough",
      run: (answer) => expectOperators(answer, withOperators(["AS1", 3], ["AS2", 2], ["AS3", 1]), 1),
    },
    {
      name: "Just under half is not enough",
      run: (answer) => expectOperators(answer, withOperators(["AS1", 3], ["AS2", 2], ["AS3", 2]), 2),
    },
    {
      name: "Operators of equal size are counted one by one",
      run: (answer) =>
        expectOperators(answer, withOperators(["AS1", 1], ["AS2", 1], ["AS3", 1], ["AS4", 1]), 2),
    },
    {
      name: "Nodes without a known operator are not part of the whole",
      run(answer) {
        expectOperators(answer, withOperators([null, 9], ["AS1", 2], ["AS2", 2], ["AS3", 1]), 2);
      },
    },
    {
      name: "Tor is not an operator",
      run: (answer) =>
        expectOperators(answer, withOperators(["TOR", 9], ["AS1", 2], ["AS2", 2], ["AS3", 2]), 2),
    },
    {
      name: "A snapshot with five fields per node, or without nodes, gives 0",
      run(answer) {
        expectOperators(answer, snapshotOf({ "192.0.2.1:8333": FIVE_FIELDS }), 0);
        expectOperators(answer, snapshotOf({}), 0);
        expectOperators(answer, withOperators([null, 2], ["TOR", 1]), 0);
      },
    },
  ],
  wrongAnswers: [
    {
      name: "takes the operators in the order of the snapshot",
      caughtBy: "The biggest come first, until they hold half",
      answer: (snapshot) => {
        const sizes = countBy(known(snapshot), String);
        const asns = [...new Set(known(snapshot))];
        let held = 0;
        const whole = known(snapshot).length;
        return asns.filter((asn) => {
          if (half(held, whole)) return false;
          held += sizes.get(String(asn)) ?? 0;
          return true;
        }).length;
      },
    },
    {
      name: "counts all operators",
      caughtBy: "The biggest come first, until they hold half",
      answer: (snapshot) => new Set(known(snapshot)).size,
    },
    {
      name: "takes half of the operators instead of half of the nodes",
      caughtBy: "Exactly half is enough",
      answer: (snapshot) => Math.ceil(new Set(known(snapshot)).size / 2),
    },
    {
      name: "requires more than half",
      caughtBy: "Exactly half is enough",
      answer: (snapshot) =>
        fewest(known(snapshot), known(snapshot).length, (held, whole) => 2 * held > whole || whole === 0),
    },
    {
      name: "rounds half down",
      caughtBy: "Just under half is not enough",
      answer: (snapshot) =>
        fewest(known(snapshot), known(snapshot).length, (held, whole) => held >= Math.floor(whole / 2)),
    },
    {
      name: "includes nodes without an operator in the whole",
      caughtBy: "Nodes without a known operator are not part of the whole",
      answer: (snapshot) => fewest(known(snapshot), asnsOf(snapshot).length, half),
    },
    {
      name: "takes null as an operator",
      caughtBy: "Nodes without a known operator are not part of the whole",
      answer: (snapshot) => {
        const asns = asnsOf(snapshot).filter((asn) => asn !== "TOR");
        return fewest(asns, asns.length, half);
      },
    },
    {
      name: "takes Tor as an operator",
      caughtBy: "Tor is not an operator",
      answer: (snapshot) => {
        const asns = asnsOf(snapshot).filter((asn) => asn);
        return fewest(asns, asns.length, half);
      },
    },
    {
      name: "gives at least one",
      caughtBy: "A snapshot with five fields per node, or without nodes, gives 0",
      answer: (snapshot) => Math.max(1, operatorsHoldingHalf(snapshot)),
    },
  ],
});
