import http from "node:http";
import { afterEach, expect, test } from "vitest";
import * as undici from "undici";
import * as bitnodes from "@course/lib/bitnodes";
import { exercises } from "@course/lib/exercises";
import { type MockPlan, type MockRequest, runChecks, withMockApi } from "@course/lib/checks";

const PLAN: MockPlan = { url: "http://fake.test/api/v1/", body: { nodes: 1 } };
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

test.each(clients)("%s gets the response of the fake API, and is recorded", async (_, get) => {
  await withMockApi(PLAN, async (requests) => {
    const response = await get(LATEST);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(PLAN.body);
    expect(requests).toEqual([{ method: "GET", url: LATEST }]);
  });
});

test.each(clients)("%s gets the status of the plan", async (_, get) => {
  await withMockApi({ ...PLAN, status: 429 }, async () => {
    expect((await get(LATEST)).status).toBe(429);
  });
});

test.each(clients)(
  "%s reaches no other server, not even on this machine, and is recorded",
  async (_, get) => {
    const server = http.createServer((_request, response) => response.end("real"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const url = `http://127.0.0.1:${port}/`;
    try {
      await withMockApi(PLAN, async (requests) => {
        await expect(get(url)).rejects.toThrow();
        expect(requests).toEqual([{ method: "GET", url }]);
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

test("the fake API redirects a request without the slash at the end, as the real one does", async () => {
  await withMockApi(PLAN, async (requests) => {
    const response = await fetch(LATEST.slice(0, -1));
    expect(await response.json()).toEqual(PLAN.body);
    expect(requests.map(({ url }) => url)).toEqual([LATEST.slice(0, -1), LATEST]);
  });
});

test("the fake API responds 404 to another path", async () => {
  await withMockApi(PLAN, async () => expect((await fetch(`${PLAN.url}nodes/`)).status).toBe(404));
});

const state = () => ({ dispatcher: undici.getGlobalDispatcher(), url: bitnodes.BITNODES_URL });

test.each<[string, (requests: MockRequest[]) => Promise<unknown>]>([
  ["returned", async () => "fine"],
  ["threw", () => Promise.reject(new Error("no"))],
  ["requested another host", () => fetch("http://elsewhere.test/")],
])("withMockApi() restores everything after a use that %s", async (_, use) => {
  const before = state();
  await withMockApi(PLAN, async (requests) => {
    expect(state()).not.toEqual(before);
    return use(requests);
  }).catch(() => {});
  expect(state()).toEqual(before);
});

test("withMockApi() restores everything when its signal is aborted during a use that never ends, and the next begins", async () => {
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

test("withMockApi() changes the BITNODES_URL of the notebook too, and restores it", async () => {
  const names: Record<string, unknown> = { BITNODES_URL: "http://practice.test/" };
  kernel.__tslab__ = { exports: names };
  await withMockApi(PLAN, async () => expect(names).toEqual({ BITNODES_URL: PLAN.url }));
  expect(names).toEqual({ BITNODES_URL: "http://practice.test/" });
  delete names.BITNODES_URL;
  await withMockApi(PLAN, async () => expect(names).toEqual({ BITNODES_URL: PLAN.url }));
  expect(names).toEqual({});
});
