/** 08-a-sea-of-bytes: which peers are behind the tip, and which claim to be ahead of it. */
import { triedWith } from "../../checks/calls";
import { expectEqual, show } from "../../checks/expect";
import { heightLags } from "../../data/statistics";
import type { Visit } from "../../peer/visit";
import { defineExercise } from "../../checks/exercise";
import { answered, unanswered } from "./sample-visits";
import { listOf, visit } from "../shared/random-input";

type Answer = typeof heightLags;

const TIP = 535_517;
const at = (...heights: number[]): Visit[] => heights.map((height) => answered({ height }));

function expectLags(answer: Answer, visits: Visit[], expected: number[]): void {
  const heights = visits.map(({ versionMessage }) => versionMessage?.startHeight ?? "no version message");
  const input = `visits with the heights ${show(heights)} and a tip of ${TIP}`;
  expectEqual(
    `the lags of ${input}`,
    triedWith(input, () => answer(visits, TIP)),
    expected,
  );
}

export default defineExercise<Answer>({
  id: "heightLags",
  notebook: "08-a-sea-of-bytes",
  title: "Who is behind",
  points: 1,
  solution: heightLags,
  source: "data/statistics.ts",
  randomArguments: (random) => [listOf(random, 20, () => visit(random)), random.integer(800_000, 900_000)],
  hints: [
    "It is one subtraction for each peer that said how high its chain is. Which way round, so that behind is positive?",
    "`versionMessage.startHeight` is the height; it is `undefined` where the visit failed, and so is the whole message. `flatMap` with `[]` leaves such a visit out.",
    "`visits.flatMap(({ versionMessage }) => (versionMessage ? [tip - versionMessage.startHeight] : []))`.",
  ],
  checks: [
    {
      name: "A peer is behind by the blocks that it lacks",
      run: (answer) => expectLags(answer, at(TIP, TIP - 1, 530_361), [0, 1, 5156]),
    },
    {
      name: "A peer that claims more than the tip has a negative lag",
      run: (answer) => expectLags(answer, at(TIP + 2, 1_090_663), [-2, -555_146]),
    },
    {
      name: "A peer without a chain is behind by all of it",
      run: (answer) => expectLags(answer, at(0), [TIP]),
    },
    {
      name: "Visits without a version message are omitted, and the others stay in order",
      run(answer) {
        expectLags(answer, [unanswered(), ...at(TIP - 3), unanswered(), ...at(TIP)], [3, 0]);
        expectLags(answer, [], []);
      },
    },
  ],
  wrongAnswers: [
    {
      name: "subtracts the tip from the height",
      caughtBy: "A peer is behind by the blocks that it lacks",
      answer: (visits, tip) => heightLags(visits, tip).map((lag) => 0 - lag),
      message:
        /visits with the heights \[ 535517, 535516, 530361 \] and a tip of 535517, entry 1: expected 1/,
    },
    {
      name: "compares with the highest claim instead of the tip",
      caughtBy: "A peer is behind by the blocks that it lacks",
      answer: (visits, tip) => heightLags(visits, tip + 1),
    },
    {
      name: "gives 0 for peers that are ahead",
      caughtBy: "A peer that claims more than the tip has a negative lag",
      answer: (visits, tip) => heightLags(visits, tip).map((lag) => Math.max(0, lag)),
    },
    {
      name: "drops the sign",
      caughtBy: "A peer that claims more than the tip has a negative lag",
      answer: (visits, tip) => heightLags(visits, tip).map(Math.abs),
    },
    {
      name: "takes a height of 0 as no answer",
      caughtBy: "A peer without a chain is behind by all of it",
      answer: (visits, tip) =>
        visits.flatMap(({ versionMessage }) =>
          versionMessage?.startHeight ? [tip - versionMessage.startHeight] : [],
        ),
    },
    {
      name: "gives NaN for peers that did not answer",
      caughtBy: "Visits without a version message are omitted, and the others stay in order",
      answer: (visits, tip) => visits.map(({ versionMessage }) => tip - Number(versionMessage?.startHeight)),
    },
    {
      name: "sorts them",
      caughtBy: "Visits without a version message are omitted, and the others stay in order",
      answer: (visits, tip) => heightLags(visits, tip).sort((a, b) => a - b),
    },
  ],
});
