/** 03-bitnodes-api: one request, and a check of its status. */
import { request } from "undici";
import { getBitnodesApiResponse, type Snapshot } from "../../bitnodes/api";
import { BITNODES_URL } from "../../bitnodes/url";
import { expectEqual, expectError, expectThat, show } from "../../checks/expect";
import { answerFrom } from "./api-checks";
import { defineExercise } from "../../checks/exercise";
import { NEW_SNAPSHOT, OLD_SNAPSHOT } from "../shared/sample-snapshots";

type Answer = typeof getBitnodesApiResponse;

const THROTTLED = { detail: "Request was throttled. Expected available in 63768 seconds." };

/** Expects an error that tells what came: the status, in its message. */
async function expectRefusal(status: number, call: () => Promise<unknown>): Promise<void> {
  const error = await expectError(`when the API answers ${status}`, call);
  expectThat(
    new RegExp(`\\b${status}\\b`).test(error.message),
    `when the API answers ${status}: expected an error that tells what came, with ${status} in its message, got ${error.name}: ${show(error.message)}`,
    error,
  );
}

async function json(url: string): Promise<Snapshot> {
  const { body } = await request(url);
  return (await body.json()) as Snapshot;
}

export default defineExercise<Answer>({
  id: "getBitnodesApiResponse",
  notebook: "03-bitnodes-api",
  title: "Ask for the newest snapshot",
  points: 2,
  solution: getBitnodesApiResponse,
  source: "bitnodes/api.ts",
  hints: [
    "You have done nearly all of it by hand, further up: a `request`, a status, a body. The address of the newest snapshot is `BITNODES_URL` with `snapshots/latest/` behind it.",
    "Three steps. Await the `request` of the address. Look at `response.statusCode`: unless it is 200, throw an Error that says which it was. Only then await `response.body.text()`, and return what `parseSnapshot` makes of it.",
    "Nearly all of it:\n\n```ts\nconst response = await request(`${BITNODES_URL}snapshots/latest/`);\nif (response.statusCode !== 200) {\n  throw new Error(`the bitnodes API answered ${response.statusCode}`);\n}\nreturn …\n```\n\nWhat is returned is `parseSnapshot` of the body's text. Reading the text takes an `await` of its own.",
  ],
  checks: [
    {
      name: "The newest snapshot comes back, as the API sends it",
      async run(answer, signal) {
        const snapshot = await answerFrom(answer, { body: OLD_SNAPSHOT, signal });
        expectEqual("the snapshot", snapshot, OLD_SNAPSHOT);
      },
    },
    {
      name: "The address is made from BITNODES_URL, whatever its value",
      async run(answer, signal) {
        const path = "/mirror/of/bitnodes/";
        const snapshot = await answerFrom(answer, { path, body: NEW_SNAPSHOT, signal });
        expectEqual("the snapshot", snapshot, NEW_SNAPSHOT);
      },
    },
    {
      name: "A refusal (429, too many requests) is an error",
      async run(answer, signal) {
        const headers = { "retry-after": "63768" };
        await expectRefusal(429, () => answerFrom(answer, { status: 429, headers, body: THROTTLED, signal }));
      },
    },
    {
      name: "A failure of the service (500) is an error, whatever its body looks like",
      async run(answer, signal) {
        await expectRefusal(500, () => answerFrom(answer, { status: 500, body: NEW_SNAPSHOT, signal }));
      },
    },
  ],
  wrongAnswers: [
    {
      name: "does not look at the status",
      caughtBy: "A refusal (429, too many requests) is an error",
      answer: () => json(`${BITNODES_URL}snapshots/latest/`),
    },
    {
      name: "checks only for 429",
      caughtBy: "A failure of the service (500) is an error, whatever its body looks like",
      async answer() {
        const response = await request(`${BITNODES_URL}snapshots/latest/`);
        if (response.statusCode === 429) throw new Error("too many requests");
        return (await response.body.json()) as Snapshot;
      },
    },
    {
      name: "throws an error that does not tell what came",
      caughtBy: "A failure of the service (500) is an error, whatever its body looks like",
      async answer() {
        const response = await request(`${BITNODES_URL}snapshots/latest/`);
        if (response.statusCode === 200) return (await response.body.json()) as Snapshot;
        throw new Error("the API does not work");
      },
      message: /when the API answers 500: expected an error that tells what came.*"the API does not work"/,
    },
    {
      name: "returns an empty snapshot for an error",
      caughtBy: "A failure of the service (500) is an error, whatever its body looks like",
      async answer() {
        const response = await request(`${BITNODES_URL}snapshots/latest/`);
        if (response.statusCode === 200) return (await response.body.json()) as Snapshot;
        return { timestamp: 0, total_nodes: 0, latest_height: 0, nodes: {} };
      },
    },
    {
      name: "has an address of its own",
      caughtBy: "The address is made from BITNODES_URL, whatever its value",
      answer: () => json("http://bitnodes.test/api/v1/snapshots/latest/"),
    },
    {
      name: "asks the real service, whatever BITNODES_URL says",
      caughtBy: "The newest snapshot comes back, as the API sends it",
      answer: () => json("https://bitnodes.io/api/v1/snapshots/latest/"),
    },
    {
      name: "asks for the list of snapshots",
      caughtBy: "The newest snapshot comes back, as the API sends it",
      answer: () => json(`${BITNODES_URL}snapshots/`),
    },
    {
      name: "returns the text of the body",
      caughtBy: "The newest snapshot comes back, as the API sends it",
      async answer() {
        const response = await request(`${BITNODES_URL}snapshots/latest/`);
        if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
        return (await response.body.text()) as unknown as Snapshot;
      },
    },
    {
      name: "gives up without asking",
      caughtBy: "A refusal (429, too many requests) is an error",
      answer: () => Promise.reject(new Error("the API is too busy")),
    },
    {
      name: "returns a snapshot that it made up",
      caughtBy: "The newest snapshot comes back, as the API sends it",
      answer: () => Promise.resolve(OLD_SNAPSHOT),
    },
  ],
});
