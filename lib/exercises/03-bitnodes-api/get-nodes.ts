/** 03-bitnodes-api: the nodes of the snapshot. */
import { getBitnodesApiResponse, getNodes, type Nodes } from "../../bitnodes/api";
import { expectEqual, expectError } from "../../checks/expect";
import { answerFrom } from "./api-checks";
import { defineExercise } from "../../checks/exercise";
import { NEW_SNAPSHOT, OLD_SNAPSHOT, snapshotOf } from "../shared/sample-snapshots";

type Answer = typeof getNodes;

export default defineExercise<Answer>({
  id: "getNodes",
  notebook: "03-bitnodes-api",
  title: "The nodes of the newest snapshot",
  points: 1,
  solution: getNodes,
  source: "bitnodes/api.ts",
  hints: [
    "You have a function that gets the whole snapshot. Which of its fields holds the nodes?",
    "Await `getBitnodesApiResponse()`, and return its field `nodes`. The keys are addresses: leave the object as it is.",
    "`const snapshot = await getBitnodesApiResponse();`, and in the line after it, `snapshot.nodes` is what to return.",
  ],
  checks: [
    {
      name: "The nodes of the snapshot come back, by address",
      async run(answer, signal) {
        expectEqual(
          "the nodes",
          await answerFrom(answer, { body: OLD_SNAPSHOT, signal }),
          OLD_SNAPSHOT.nodes,
        );
      },
    },
    {
      name: "They are requested each time anew, from BITNODES_URL",
      async run(answer, signal) {
        const first = { body: NEW_SNAPSHOT, signal };
        expectEqual("the nodes", await answerFrom(answer, first), NEW_SNAPSHOT.nodes);
        const second = { path: "/two/", body: snapshotOf({}), signal };
        expectEqual("the nodes of an empty snapshot", await answerFrom(answer, second), {});
      },
    },
    {
      name: "An error of the API is passed on, not turned into an empty list",
      async run(answer, signal) {
        const body = { detail: "Request was throttled." };
        await expectError("when the API answers 429", () =>
          answerFrom(answer, { status: 429, body, signal }),
        );
      },
    },
  ],
  wrongAnswers: [
    {
      name: "returns the whole snapshot",
      caughtBy: "The nodes of the snapshot come back, by address",
      answer: async () => (await getBitnodesApiResponse()) as unknown as Nodes,
    },
    {
      name: "returns a list instead of the object",
      caughtBy: "The nodes of the snapshot come back, by address",
      answer: async () => Object.entries((await getBitnodesApiResponse()).nodes) as unknown as Nodes,
    },
    {
      name: "forgets to wait for the snapshot",
      caughtBy: "The nodes of the snapshot come back, by address",
      async answer() {
        const snapshot = getBitnodesApiResponse() as unknown as { nodes: Nodes };
        (snapshot as unknown as Promise<unknown>).catch(() => {});
        return snapshot.nodes;
      },
    },
    {
      name: "returns the first nodes every time",
      caughtBy: "They are requested each time anew, from BITNODES_URL",
      answer: (() => {
        let cached: Promise<Nodes> | undefined;
        return () => (cached ??= getNodes());
      })(),
      message: /got none: it returned .* without asking. Ask each time/,
    },
    {
      name: "returns no nodes for an error",
      caughtBy: "An error of the API is passed on, not turned into an empty list",
      answer: () => getNodes().catch(() => ({})),
    },
    {
      name: "asks for the snapshot twice",
      caughtBy: "The nodes of the snapshot come back, by address",
      async answer() {
        const { total_nodes } = await getBitnodesApiResponse();
        const { nodes } = await getBitnodesApiResponse();
        return total_nodes > 0 ? nodes : {};
      },
      message: /^when the API answers 200: expected one request, got 2: ask once/,
    },
    {
      name: "asks again when it is refused",
      caughtBy: "An error of the API is passed on, not turned into an empty list",
      answer: () => getNodes().catch(getNodes),
      message: /^when the API answers 429: expected one request, got 2: ask once/,
    },
  ],
});
