/** 03-bitnodes-api: one request, a check of its status, and one of its body. */
import { request } from "undici";
import { getBitnodesApiResponse, parseSnapshot, refusal, type Snapshot } from "../../bitnodes/api";
import { BITNODES_URL } from "../../bitnodes/url";
import { expectEqual, expectError, expectThat, show } from "../../checks/expect";
import { answerFrom, HANGS_UP } from "./api-checks";
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

/** Bodies of status 200 that are no snapshots: what a service says when it is down, and what another one lists. */
const NO_SNAPSHOTS = [{ detail: "Service Unavailable" }, { count: 0, results: [] }];

async function json(url: string): Promise<Snapshot> {
  const { body } = await request(url);
  return (await body.json()) as Snapshot;
}

/** Returns an answer that is right, except for the statuses that it accepts. */
function accepting(isGood: (status: number) => boolean): Answer {
  return async () => {
    const { statusCode, body } = await request(`${BITNODES_URL}snapshots/latest/`);
    const text = await body.text();
    if (!isGood(statusCode)) throw refusal(statusCode, undefined, text);
    return parseSnapshot(text);
  };
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
    {
      name: "Any other status but 200 is an error, too",
      async run(answer, signal) {
        for (const status of [404, 503, 203]) {
          await expectRefusal(status, () => answerFrom(answer, { status, body: NEW_SNAPSHOT, signal }));
        }
      },
    },
    {
      name: "A body that is no snapshot is an error, even with status 200",
      async run(answer, signal) {
        for (const body of NO_SNAPSHOTS) {
          await expectError(
            `when the API answers 200 with ${JSON.stringify(body)}, which is no snapshot`,
            () => answerFrom(answer, { body, signal }),
            ": parseSnapshot looks at the text, and throws",
          );
        }
      },
    },
    {
      name: "No answer at all is an error",
      async run(answer, signal) {
        await expectError(HANGS_UP, () => answerFrom(answer, { hangsUp: true, signal }));
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
      name: "refuses 429 and 500 alone",
      caughtBy: "Any other status but 200 is an error, too",
      answer: accepting((status) => status !== 429 && status !== 500),
      message: /expected an error when the API answers 404, got \{/,
    },
    {
      name: "refuses 429, and what is the service's fault",
      caughtBy: "Any other status but 200 is an error, too",
      answer: accepting((status) => status !== 429 && status < 500),
    },
    {
      name: "refuses what is somebody's fault",
      caughtBy: "Any other status but 200 is an error, too",
      answer: accepting((status) => status < 400),
      message: /expected an error when the API answers 203, got \{/,
    },
    {
      name: "asks with fetch, and looks whether it is ok",
      caughtBy: "Any other status but 200 is an error, too",
      async answer() {
        const response = await fetch(`${BITNODES_URL}snapshots/latest/`);
        if (!response.ok) throw new Error(`the API answered ${response.status}`);
        return parseSnapshot(await response.text());
      },
    },
    {
      name: "takes any JSON for a snapshot",
      caughtBy: "A body that is no snapshot is an error, even with status 200",
      async answer() {
        const response = await request(`${BITNODES_URL}snapshots/latest/`);
        if (response.statusCode !== 200) throw new Error(`the API answered ${response.statusCode}`);
        return (await response.body.json()) as Snapshot;
      },
      message:
        /answers 200 with \{"detail":"Service Unavailable"\}, which is no snapshot, got .*: parseSnapshot looks/,
    },
    {
      name: "asks up to four times when it is refused",
      caughtBy: "A refusal (429, too many requests) is an error",
      async answer() {
        for (let tries = 1; ; tries++) {
          const { statusCode, body } = await request(`${BITNODES_URL}snapshots/latest/`);
          const text = await body.text();
          if (statusCode === 200) return parseSnapshot(text);
          if (tries === 4) throw refusal(statusCode, undefined, text);
        }
      },
      message: /^when the API answers 429: expected one request, got 4: ask once/,
    },
    {
      name: "asks twice, for the status and for the body",
      caughtBy: "The newest snapshot comes back, as the API sends it",
      async answer() {
        const url = `${BITNODES_URL}snapshots/latest/`;
        const { statusCode, body } = await request(url);
        await body.dump();
        if (statusCode !== 200) throw new Error(`the API answered ${statusCode}`);
        return parseSnapshot(await (await request(url)).body.text());
      },
      message: /^when the API answers 200: expected one request, got 2: ask once/,
    },
    {
      name: "asks to be refused, as the cell above does",
      caughtBy: "The newest snapshot comes back, as the API sends it",
      async answer() {
        const response = await request(`${BITNODES_URL}snapshots/latest/?throttled=1`);
        if (response.statusCode !== 200) throw new Error(`the API answered ${response.statusCode}`);
        return parseSnapshot(await response.body.text());
      },
      message: /got one for \S+snapshots\/latest\/\?throttled=1/,
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
    {
      name: "returns an empty snapshot when nobody answers",
      caughtBy: "No answer at all is an error",
      async answer() {
        const response = await request(`${BITNODES_URL}snapshots/latest/`).catch(() => undefined);
        if (response === undefined) return { timestamp: 0, total_nodes: 0, latest_height: 0, nodes: {} };
        if (response.statusCode !== 200) throw new Error(`the API answered ${response.statusCode}`);
        return parseSnapshot(await response.body.text());
      },
      message: /expected an error when the API hangs up without an answer, got \{ timestamp: 0/,
    },
  ],
});
