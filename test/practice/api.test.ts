import * as bitnodes from "@course/lib/bitnodes";
import { getBitnodesApiResponse, parseSnapshot } from "@course/lib/bitnodes";
import { once } from "node:events";
import net from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { practiceNetwork, usePracticeNetwork } from "../helpers/practice-network";

const PEERS = 120;
const network = usePracticeNetwork({ peers: PEERS, latency: 0 });
const url = bitnodes.BITNODES_URL;
beforeAll(() => bitnodes.setBitnodesUrl(network().api));
afterAll(() => bitnodes.setBitnodesUrl(url));

interface Line {
  url: string;
  timestamp: number;
  total_nodes: number;
  latest_height: number;
}
/** A page of the list of snapshots. */
interface Page {
  results: Line[];
  next: string;
  previous: string;
}

async function getText(path: string): Promise<string> {
  return (await fetch(new URL(path, network().api))).text();
}

async function get(path: string, init?: RequestInit) {
  const response = await fetch(new URL(path, network().api), { redirect: "manual", ...init });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Page };
}

describe("the practice network's API", () => {
  test("the base URL names the practice network, its peers, its seed and its process", async () => {
    expect((await get("")).body).toMatchObject({ name: "practice", peers: PEERS, seed: 1, pid: process.pid });
  });

  test("the latest snapshot has all peers and onions, with thirteen fields each", async () => {
    const snapshot = await getBitnodesApiResponse();
    const truth = await network().truth();
    expect(snapshot.total_nodes).toBe(truth.length);
    expect(Object.keys(snapshot.nodes)).toEqual(truth.map(({ address }) => address));
    expect(new Set(Object.values(snapshot.nodes).map((node) => node.length))).toEqual(new Set([13]));
  });

  test("the latest snapshot has IPv4, IPv6 and onion addresses, all on loopback or behind Tor", async () => {
    const keys = Object.keys((await getBitnodesApiResponse()).nodes);
    const kinds = [/^127(\.\d+){3}:\d+$/, /^\[::(1|ffff:127(\.\d+){3})\]:\d+$/, /^[a-z2-7]{56}\.onion:8333$/];
    expect(keys.filter((key) => !kinds.some((kind) => kind.test(key)))).toEqual([]);
    expect(kinds.every((kind) => keys.some((key) => kind.test(key)))).toBe(true);
  });

  test("?fields=5 gives the first five of the thirteen fields", async () => {
    const thirteen = await getBitnodesApiResponse();
    const five = parseSnapshot(await getText("snapshots/latest/?fields=5"));
    for (const [key, node] of Object.entries(five.nodes))
      expect(node).toEqual(thirteen.nodes[key].slice(0, 5));
  });

  test("the latest snapshot has the version information of the ground truth", async () => {
    const { nodes } = await getBitnodesApiResponse();
    for (const { address, versionInfo } of await network().truth()) {
      if (!versionInfo) continue;
      const { version, userAgent, services, startHeight } = versionInfo;
      expect([0, 1, 3, 4].map((field) => nodes[address][field])).toEqual([
        version,
        userAgent,
        services,
        startHeight,
      ]);
    }
  });

  test("the list has ten snapshots per page, newest first, with links to the next page and the previous one", async () => {
    const first = (await get("snapshots/")).body;
    expect(first.results).toHaveLength(10);
    expect(first).toMatchObject({ count: 144, previous: null });
    const times = first.results.map(({ timestamp }) => timestamp);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    const second = (await get(first.next)).body;
    expect(second.results[0].timestamp).toBeLessThan(times[9]);
    expect((await get(second.previous)).body.results).toEqual(first.results);
    expect((await get("snapshots/?limit=100&page=2")).body).toMatchObject({ next: null });
  });

  test("the list has at most a hundred snapshots per page", async () => {
    expect((await get("snapshots/?limit=1000")).body.results).toHaveLength(100);
  });

  test("an older snapshot has the nodes and the height of its time", async () => {
    const { results } = (await get("snapshots/?limit=100")).body;
    const { url, ...summary } = results[99];
    const older = parseSnapshot(await getText(url));
    expect(older).toMatchObject(summary);
    expect(Object.keys(older.nodes)).toHaveLength(summary.total_nodes);
    expect(older.total_nodes).toBeLessThan(results[0].total_nodes);
    expect(older.latest_height).toBeLessThan(results[0].latest_height);
    expect(Math.max(...Object.values(older.nodes).map((node) => node[2]!))).toBeLessThanOrEqual(
      older.timestamp,
    );
  });

  test.each([
    ["snapshots/1/", "Not found."],
    ["snapshots/newest/", "Not found."],
    ["nodes/", "Not found."],
    ["/", "Not found."],
    ["snapshots/?page=99", "Invalid page."],
    ["snapshots/?page=x", "Invalid page."],
  ])("the API answers 404 in JSON to %s", async (path, detail) => {
    expect(await get(path)).toMatchObject({ status: 404, body: { detail } });
  });

  test("a path without a slash at its end is redirected to the one with it", async () => {
    const { status, headers } = await get("snapshots/latest");
    expect([status, headers.get("location")]).toEqual([301, "/api/v1/snapshots/latest/"]);
  });

  test("the API answers 405 to a POST", async () => {
    expect(await get("snapshots/latest/", { method: "POST" })).toMatchObject({ status: 405 });
  });

  const THROTTLED = {
    status: 429,
    body: { detail: expect.stringMatching(/^Request was throttled\. .* \d+ seconds\.$/) },
  };

  test("?throttled=1 gives 429 with retry-after", async () => {
    const answer = await get("snapshots/latest/?throttled=1");
    expect(answer).toMatchObject(THROTTLED);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await get("snapshots/latest/")).status).toBe(200);
  });

  test("throttle() makes the API answer 429, and getBitnodesApiResponse() says when to ask again", async () => {
    await network().throttle(true);
    await expect(getBitnodesApiResponse()).rejects.toMatchObject({ status: 429, retryAfterSeconds: 600 });
    await network().throttle(false);
    expect((await getBitnodesApiResponse()).total_nodes).toBeGreaterThan(PEERS);
  });

  test("/practice/truth gives the ground truth", async () => {
    expect((await get("/practice/truth")).body).toEqual(JSON.parse(JSON.stringify(await network().truth())));
  });
});

test("a network with the options fields: 5 and throttled starts with both, until throttled is deleted", async () => {
  const other = await practiceNetwork({ peers: 3, fields: 5, throttled: true });
  const latest = new URL("snapshots/latest/", other.api);
  expect((await fetch(latest)).status).toBe(429);
  await other.throttle(false);
  const snapshot = parseSnapshot(await (await fetch(latest)).text());
  expect(Object.values(snapshot.nodes).map((node) => node.length)).toEqual([5, 5, 5]);
});

/** Sends these bytes to the network's API, and resolves with what it answers until it closes the connection. */
async function rawAnswer(text: string): Promise<string> {
  const { hostname, port } = new URL(network().api);
  const socket = net.connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  let answer = "";
  socket.on("data", (chunk) => (answer += chunk)).on("error", () => {});
  socket.write(text);
  await once(socket, "close");
  return answer;
}

const head = (target: string, host = "127.0.0.1", method = "GET") =>
  `${method} ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`;

// The first three ended the network: `new URL` throws for them.
test.each([
  ["//", 404],
  ["//[", 404],
  ["http://", 400],
  ["http://[", 400],
  ["//[/practice/truth", 404],
  ["*", 400],
  ["?", 400],
  ["/api/v1/snapshots/?page=-1&limit=-1", 404],
  ["/api/v1/snapshots/%", 404],
  ["http://127.0.0.1/api/v1/", 200],
])("a request of %s is answered with %i, and the network goes on", async (target, status) => {
  expect(await rawAnswer(head(target))).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect((await get("")).status).toBe(200);
});

test.each([
  [
    "an upgrade",
    "GET /api/v1/ HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: close, upgrade\r\n\r\n",
  ],
  ["CONNECT", head("127.0.0.1:1", "127.0.0.1", "CONNECT")],
  ["a request without a Host", "GET / HTTP/1.0\r\n\r\n"],
  ["bytes that are not HTTP", "\0\r\n\r\n"],
])("%s does not end the network", async (_, text) => {
  await rawAnswer(text);
  expect((await get("")).status).toBe(200);
});

test.each(["evil.example", "evil.example:18330", "127.0.0.1.evil.example", "10.0.0.1", "[::2]", "0"])(
  "a request with the Host %s, which is not loopback, is refused with 403",
  async (host) => {
    expect(await rawAnswer(head("/api/v1/", host))).toMatch(/^HTTP\/1.1 403 /);
    expect(await rawAnswer(head("http://127.0.0.1/practice/truth", host))).toMatch(/^HTTP\/1.1 403 /);
  },
);

test.each(["localhost", "LOCALHOST:1", "127.0.0.1:18330", "127.33.0.1", "[::1]:8"])(
  "a request with the Host %s, which is loopback, is answered",
  async (host) => {
    expect(await rawAnswer(head("/api/v1/", host))).toMatch(/^HTTP\/1.1 200 /);
  },
);

test.each(["PUT", "DELETE"])("%s /practice/throttled needs the network's token", async (method) => {
  const send = (headers?: Record<string, string>) => get("/practice/throttled", { method, headers });
  for (const headers of [undefined, { authorization: "Bearer" }, { authorization: "Bearer x" }]) {
    expect((await send(headers)).status).toBe(401);
  }
  expect((await get("/practice/throttled")).body).toEqual({ throttled: false });
  const { token } = network();
  expect((await send({ authorization: `Bearer ${token}` })).body).toEqual({ throttled: method === "PUT" });
  await network().throttle(false);
});

test.each([
  ["no byte", ""],
  ["half a head", "GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n"],
  ["half a body", "PUT / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 9\r\n\r\n1"],
])(
  "a connection with %s is closed after seconds",
  async (_, text) => {
    await rawAnswer(text);
  },
  20_000, // without limits of the server's own Node.js closes it too, after a minute and more
);
