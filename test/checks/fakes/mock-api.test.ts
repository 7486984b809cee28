import { execFileSync } from "node:child_process";
import http from "node:http";
import { json } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import * as undici from "undici";
import * as bitnodes from "@course/lib/bitnodes";
import { exercises } from "@course/lib/exercises";
import { type MockApi, type MockPlan, runChecks, withMockApi } from "@course/lib/checks";

const PLAN: MockPlan = { path: "/api/v1/", body: { nodes: 1 } };

interface Response {
  status: number;
  json: () => Promise<unknown>;
}

const clients: [string, (url: string) => Promise<Response>][] = [
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

/** Clients that ask the fake by its address alone. */
const others: typeof clients = [
  [
    "undici.Client",
    async (url) => {
      const { origin, pathname } = new URL(url);
      const client = new undici.Client(origin); // and nobody closes it
      const { statusCode, body } = await client.request({ path: pathname, method: "GET" });
      return { status: statusCode, json: () => body.json() };
    },
  ],
  [
    "node:http",
    (url) =>
      new Promise((resolve, reject) => {
        const asked = http.get(url, (response) =>
          resolve({ status: response.statusCode!, json: () => json(response) }),
        );
        asked.on("error", reject);
      }),
  ],
  [
    "a program that this thread waits for",
    async (url) => {
      const program = `fetch(${JSON.stringify(url)}).then(async (r) => console.log(JSON.stringify([r.status, await r.json()])))`;
      const [status, value] = JSON.parse(
        String(execFileSync(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "ignore"] })),
      ) as [number, unknown];
      return { status, json: async () => value };
    },
  ],
];

test.each([...clients, ...others])(
  "%s gets the response of the fake API, and is recorded",
  async (_, get) => {
    await withMockApi(PLAN, async (api) => {
      const latest = `${api.url}snapshots/latest/`;
      const response = await get(latest);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual(PLAN.body);
      expect(await api.requests()).toEqual([{ method: "GET", url: latest }]);
    });
    // A client that keeps connections once found that of the check before closed.
    await withMockApi(PLAN, async ({ url }) => {
      expect((await get(`${url}snapshots/latest/`)).status).toBe(200);
    });
  },
);

test.each(clients)("%s gets the status of the plan", async (_, get) => {
  await withMockApi({ ...PLAN, status: 429 }, async ({ url }) => {
    expect((await get(`${url}snapshots/latest/`)).status).toBe(429);
  });
});

test.each([...clients, ...others])("%s fails when the fake API hangs up, and is recorded", async (_, get) => {
  await withMockApi({ hangsUp: true }, async (api) => {
    const latest = `${api.url}snapshots/latest/`;
    await expect(get(latest)).rejects.toThrow();
    expect(await api.requests()).toEqual([{ method: "GET", url: latest }]);
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
      await withMockApi(PLAN, async (api) => {
        await expect(get(url)).rejects.toThrow();
        expect(await api.requests()).toEqual([{ method: "GET", url }]);
      });
      expect((await get(url)).status).toBe(200);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  },
);

test.each([...clients, others[0], others[1]])(
  "%s passes the checks of getBitnodesApiResponse",
  async (_, get) => {
    const answer = async () => {
      const response = await get(`${bitnodes.BITNODES_URL}snapshots/latest/`);
      if (response.status !== 200) throw new Error(`status ${response.status}`);
      return bitnodes.parseSnapshot(JSON.stringify(await response.json()));
    };
    const verdict = await runChecks(exercises.getBitnodesApiResponse, answer);
    expect(verdict).toMatchObject({ status: "solved" });
  },
);

test("the fake API redirects a request without the slash at the end, as the real one does", async () => {
  await withMockApi(PLAN, async (api) => {
    const latest = `${api.url}snapshots/latest/`;
    const response = await fetch(latest.slice(0, -1));
    expect(await response.json()).toEqual(PLAN.body);
    expect((await api.requests()).map(({ url }) => url)).toEqual([latest.slice(0, -1), latest]);
  });
});

test("the fake API responds 404 to another path", async () => {
  await withMockApi(PLAN, async ({ url }) => expect((await fetch(`${url}nodes/`)).status).toBe(404));
});

const state = () => ({ dispatcher: undici.getGlobalDispatcher(), url: bitnodes.BITNODES_URL });

test.each<[string, (api: MockApi) => Promise<unknown>]>([
  ["returned", async () => "fine"],
  ["threw", () => Promise.reject(new Error("no"))],
  ["requested another host", () => fetch("http://elsewhere.test/")],
])("withMockApi() restores everything after a use that %s", async (_, use) => {
  const before = state();
  await withMockApi(PLAN, async (api) => {
    expect(state()).not.toEqual(before);
    return use(api);
  }).catch(() => {});
  expect(state()).toEqual(before);
});

test("withMockApi() restores everything when its signal is aborted during a use that never ends, and the next begins", async () => {
  const before = state();
  const controller = new AbortController();
  let begun = (): void => {};
  const isBegun = new Promise<void>((resolve) => (begun = resolve));
  void withMockApi({ ...PLAN, signal: controller.signal }, () => new Promise(begun));
  const next = withMockApi({ ...PLAN, path: "/next/" }, async () => bitnodes.BITNODES_URL);
  await isBegun;
  expect(bitnodes.BITNODES_URL).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1\/$/);
  controller.abort();
  expect(await next).toMatch(/\/next\/$/);
  expect(state()).toEqual(before);
});

const kernel = globalThis as { __tslab__?: { exports: Record<string, unknown> } };
afterEach(() => void delete kernel.__tslab__);

test("withMockApi() changes the BITNODES_URL of the notebook too, and restores it", async () => {
  const names: Record<string, unknown> = { BITNODES_URL: "http://practice.test/" };
  kernel.__tslab__ = { exports: names };
  await withMockApi(PLAN, async ({ url }) => expect(names).toEqual({ BITNODES_URL: url }));
  expect(names).toEqual({ BITNODES_URL: "http://practice.test/" });
  delete names.BITNODES_URL;
  await withMockApi(PLAN, async ({ url }) => expect(names).toEqual({ BITNODES_URL: url }));
  expect(names).toEqual({});
});
