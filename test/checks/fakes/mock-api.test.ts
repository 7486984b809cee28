import http from "node:http";
import { afterEach, expect, test } from "vitest";
import * as undici from "undici";
import * as bitnodes from "@course/lib/bitnodes";
import { exercises } from "@course/lib/exercises";
import { type MockRequest, type MockPlan, runChecks, withMockApi } from "@course/lib/checks";

const PLAN: MockPlan = { url: "http://made-up.test/api/v1/", body: { nodes: 1 } };
const LATEST = `${PLAN.url}snapshots/latest/`;

const clients: [string, (url: string) => Promise<{ status: number; json: () => Promise<unknown> }>][] = [
  ["fetch", (url) => fetch(url)],
  ["undici.fetch", (url) => undici.fetch(url)],
  [
    "undici.request",
    async (url) => {
      const { statusCode, body } = await undici.request(url);
      return { status: statusCode, json: () => body.json() };
    },
  ],
];

test.each(clients)("%s gets the made-up answer, and is written down", async (_, get) => {
  await withMockApi(PLAN, async (asked) => {
    const response = await get(LATEST);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(PLAN.body);
    expect(asked).toEqual([{ method: "GET", url: LATEST }]);
  });
});

test.each(clients)("%s gets the status that is planned", async (_, get) => {
  await withMockApi({ ...PLAN, status: 429 }, async () => {
    expect((await get(LATEST)).status).toBe(429);
  });
});

test.each(clients)(
  "%s reaches nobody else, not even on this computer, and that is written down",
  async (_, get) => {
    const server = http.createServer((_request, response) => response.end("real"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const url = `http://127.0.0.1:${port}/`;
    try {
      await withMockApi(PLAN, async (asked) => {
        await expect(get(url)).rejects.toThrow();
        expect(asked).toEqual([{ method: "GET", url }]);
      });
      expect((await get(url)).status).toBe(200);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  },
);

test.each(clients)("%s passes the checks of getBitnodesApiResponse", async (_, get) => {
  const answer = async () => {
    const response = await get(`${bitnodes.BITNODES_URL}snapshots/latest/`);
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    return (await response.json()) as bitnodes.Snapshot;
  };
  const verdict = await runChecks(exercises.getBitnodesApiResponse, answer);
  expect(verdict).toMatchObject({ status: "solved" });
});

test("a request without the slash at the end is sent on, as the real API does", async () => {
  await withMockApi(PLAN, async (asked) => {
    const response = await fetch(LATEST.slice(0, -1));
    expect(await response.json()).toEqual(PLAN.body);
    expect(asked.map(({ url }) => url)).toEqual([LATEST.slice(0, -1), LATEST]);
  });
});

test("another path of the API is not there", async () => {
  await withMockApi(PLAN, async () => expect((await fetch(`${PLAN.url}nodes/`)).status).toBe(404));
});

const state = () => ({ dispatcher: undici.getGlobalDispatcher(), url: bitnodes.BITNODES_URL });

test.each<[string, (asked: MockRequest[]) => Promise<unknown>]>([
  ["came to an end", async () => "fine"],
  ["threw", () => Promise.reject(new Error("no"))],
  ["reached for the network", () => fetch("http://elsewhere.test/")],
])("everything is as before when what used it %s", async (_, use) => {
  const before = state();
  await withMockApi(PLAN, async (asked) => {
    expect(state()).not.toEqual(before);
    return use(asked);
  }).catch(() => {});
  expect(state()).toEqual(before);
});

test("everything is as before once it is over, even if what used it never ends, and the next may begin", async () => {
  const before = state();
  const controller = new AbortController();
  void withMockApi({ ...PLAN, signal: controller.signal }, () => new Promise(() => {}));
  const next = withMockApi({ ...PLAN, url: "http://next.test/" }, async () => bitnodes.BITNODES_URL);
  await new Promise(setImmediate);
  expect(bitnodes.BITNODES_URL).toBe(PLAN.url);
  controller.abort();
  expect(await next).toBe("http://next.test/");
  expect(state()).toEqual(before);
});

const kernel = globalThis as { __tslab__?: { exports: Record<string, unknown> } };
afterEach(() => void delete kernel.__tslab__);

test("the notebook's own BITNODES_URL changes along, and comes back", async () => {
  const names: Record<string, unknown> = { BITNODES_URL: "http://practice.test/" };
  kernel.__tslab__ = { exports: names };
  await withMockApi(PLAN, async () => expect(names).toEqual({ BITNODES_URL: PLAN.url }));
  expect(names).toEqual({ BITNODES_URL: "http://practice.test/" });
  delete names.BITNODES_URL;
  await withMockApi(PLAN, async () => expect(names).toEqual({ BITNODES_URL: PLAN.url }));
  expect(names).toEqual({});
});
