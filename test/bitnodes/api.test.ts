import { type Dispatcher, getGlobalDispatcher, MockAgent, setGlobalDispatcher } from "undici";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  BITNODES_URL,
  BitnodesError,
  getBitnodesApiResponse,
  getNodes,
  noAnswer,
  parseSnapshot,
  setBitnodesUrl,
} from "@course/lib/bitnodes";
import { nobody } from "../helpers/loopback";

const NEW_DETAILS = [70016, "/Satoshi:27.1.0/", 1700000000, 3081, 870000];
const OLD_DETAILS = [
  ...[70015, "/Satoshi:0.16.3/", 1532314003, 1037, 533000],
  ...["host.example", "Linz", "AT", 48.3, 14.3, "Europe/Vienna", "AS1901", "Example"],
];
const TOR_DETAILS = [...OLD_DETAILS.slice(0, 5), null, null, null, null, null, null, "TOR", "Tor network"];

const snapshotOf = (nodes: Record<string, unknown>) => ({
  timestamp: 1763900000,
  total_nodes: Object.keys(nodes).length,
  latest_height: 870000,
  nodes,
});
const NEW = snapshotOf({ "192.0.2.1:8333": NEW_DETAILS, "[2001:db8::1]:8333": NEW_DETAILS });
const OLD = snapshotOf({ "192.0.2.1:8333": OLD_DETAILS, "expyuzz4wqqyqhjn.onion:8333": TOR_DETAILS });

let agent: MockAgent;
let usual: Dispatcher;
const usualUrl = BITNODES_URL;

beforeEach(() => {
  usual = getGlobalDispatcher();
  agent = new MockAgent();
  agent.disableNetConnect();
  setGlobalDispatcher(agent);
  setBitnodesUrl("http://bitnodes.test/some/api/v1/");
});
afterEach(async () => {
  setGlobalDispatcher(usual);
  setBitnodesUrl(usualUrl);
  await agent.close();
});

/** Sets the next answer of the API at BITNODES_URL to a request for the newest snapshot. */
function answer(status: number, body: unknown, headers: Record<string, string> = {}): void {
  agent
    .get("http://bitnodes.test")
    .intercept({ method: "GET", path: "/some/api/v1/snapshots/latest/" })
    .reply(status, typeof body === "string" ? body : JSON.stringify(body), { headers });
}

describe("the newest snapshot", () => {
  test.each([
    ["five fields per node", NEW],
    ["thirteen fields per node, some of them null", OLD],
    ["no nodes", snapshotOf({})],
  ])("getBitnodesApiResponse() returns a snapshot with %s as the API sends it", async (_, snapshot) => {
    answer(200, snapshot);
    expect(await getBitnodesApiResponse()).toEqual(snapshot);
    agent.assertNoPendingInterceptors();
  });

  test("getNodes() returns the nodes of the newest snapshot", async () => {
    answer(200, NEW);
    expect(await getNodes()).toEqual(NEW.nodes);
  });

  test("getNodes() keeps the order of the nodes", async () => {
    answer(200, OLD);
    expect(Object.keys(await getNodes())).toEqual(["192.0.2.1:8333", "expyuzz4wqqyqhjn.onion:8333"]);
  });
});

describe("answers that are no snapshot", () => {
  test("an answer of 429 is a BitnodesError with the seconds to wait", async () => {
    const body = { detail: "Request was throttled. Expected available in 63768 seconds." };
    answer(429, body, { "retry-after": "63768" });
    await expect(getBitnodesApiResponse()).rejects.toMatchObject({
      name: "BitnodesError",
      status: 429,
      retryAfterSeconds: 63768,
      message: `the bitnodes API answered 429: ${JSON.stringify(body)}; it may be asked again in 63,768 seconds`,
    });
  });

  test("an answer of 429 with a date in its retry-after header is a BitnodesError with the seconds until then", async () => {
    // A date used to be no advice at all.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 9, 21, 7, 0, 0) });
    onTestFinished(() => void vi.useRealTimers());
    answer(429, "slow down", { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" });
    await expect(getBitnodesApiResponse()).rejects.toMatchObject({
      retryAfterSeconds: 28 * 60,
      message: "the bitnodes API answered 429: slow down; it may be asked again in 1,680 seconds",
    });
  });

  test("an answer of 301 is a BitnodesError that says what to do about a service that has moved", async () => {
    answer(301, "", { location: "https://elsewhere.test/" });
    await expect(getBitnodesApiResponse()).rejects.toThrow(
      "answered 301: ; it has moved: open http://bitnodes.test/some/api/v1/ in a browser, see where that leads, and set BITNODES_URL to it",
    );
  });

  test("an answer in gzip that nobody has unpacked is a BitnodesError that names it", async () => {
    agent
      .get("http://bitnodes.test")
      .intercept({ method: "GET", path: () => true })
      .reply(200, gzipSync(JSON.stringify(NEW)), { headers: { "content-encoding": "gzip" } });
    await expect(getBitnodesApiResponse()).rejects.toThrow("got compressed bytes (gzip)");
  });

  test.each([
    ["without a retry-after header", {}],
    ["with a date long ago in its retry-after header", { "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }],
    ["with other text in its retry-after header", { "retry-after": "soon" }],
  ])("an answer of 429 %s is a BitnodesError without seconds to wait", async (_, headers) => {
    answer(429, "slow down", headers);
    await expect(getBitnodesApiResponse()).rejects.toMatchObject({
      status: 429,
      retryAfterSeconds: undefined,
      message: "the bitnodes API answered 429: slow down",
    });
  });

  test("an answer of 500 is a BitnodesError, even if its body is a snapshot", async () => {
    answer(500, NEW);
    await expect(getBitnodesApiResponse()).rejects.toMatchObject({ name: "BitnodesError", status: 500 });
  });

  test("an answer of 503 with a page of 100 kB is a BitnodesError that shows the first 200 characters", async () => {
    answer(503, "<html>".padEnd(100_000, "x"));
    const error = await getBitnodesApiResponse().catch((error: Error) => error);
    expect(error).toBeInstanceOf(BitnodesError);
    expect((error as Error).message).toHaveLength("the bitnodes API answered 503: ".length + 200);
  });

  test.each([
    ["a page", "<html>Down for maintenance</html>"],
    ["nothing", ""],
    ["half a snapshot", JSON.stringify(NEW).slice(0, 60)],
  ])("an answer of 200 with %s is a BitnodesError", async (_, body) => {
    answer(200, body);
    await expect(getBitnodesApiResponse()).rejects.toMatchObject({
      name: "BitnodesError",
      message: `expected JSON from the bitnodes API, got "${body}"`,
    });
  });

  // Issue 11: a service could write control sequences to the terminal.
  test("the text of an answer is safe to print in an error", async () => {
    for (const status of [200, 503]) {
      answer(status, "\u001b[2J\u202e");
      await expect(getBitnodesApiResponse()).rejects.toThrow("\\x1b[2J\\u{202e}");
    }
    const nodes = JSON.stringify(snapshotOf({ "\u001b[2J\u009b": null }));
    expect(() => parseSnapshot(nodes)).toThrow("not a snapshot: at nodes → \\x1b[2J\\x9b, ");
  });

  test("no answer, because no program listens, is a BitnodesError that names the URL", async () => {
    const [host, port] = await nobody();
    agent.enableNetConnect();
    setBitnodesUrl(`http://${host}:${port}/api/v1/`);
    const error = await getBitnodesApiResponse().catch((error: Error) => error);
    expect(error).toMatchObject({ name: "BitnodesError", status: undefined });
    expect((error as Error).message).toMatch(
      `no answer from http://127.0.0.1:${port}/api/v1/ (connect ECONNREFUSED 127.0.0.1:${port})`,
    );
    expect((error as Error).cause).toMatchObject({ code: "ECONNREFUSED" });
  });
});

test("noAnswer() names the reason of each address of a host, when all of them refuse", () => {
  // An AggregateError has an empty message: the sentence said "no answer from http://localhost:9/ ():".
  setBitnodesUrl("http://localhost:9/api/v1/");
  const refused = (place: string) => new Error(`connect ECONNREFUSED ${place}`);
  const both = new AggregateError([refused("::1:9"), refused("127.0.0.1:9")]);
  expect(() => noAnswer(both)).toThrow(
    "no answer from http://localhost:9/api/v1/ (connect ECONNREFUSED ::1:9; connect ECONNREFUSED 127.0.0.1:9): is",
  );
  expect(() => noAnswer(Object.assign(new Error(), { code: "ECONNREFUSED" }))).toThrow("(ECONNREFUSED)");
});

test.each([
  ["https://bitnodes.test/", { HTTPS_PROXY: "http://me:secret@proxy:1" }, "HTTPS_PROXY is set"],
  ["http://bitnodes.test/", { http_proxy: "http://proxy:1" }, "http_proxy is set"],
  ["http://bitnodes.test/", { HTTPS_PROXY: "http://proxy:1" }, undefined],
  ["http://127.0.0.1:18330/", { HTTP_PROXY: "http://proxy:1" }, undefined],
])("noAnswer() for %s with the environment %j names the proxy: %s", (url, env, expected) => {
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]) {
    vi.stubEnv(name, undefined);
    vi.stubEnv(name.toLowerCase(), undefined);
  }
  Object.entries(env).forEach(([name, value]) => vi.stubEnv(name, value));
  onTestFinished(() => void vi.unstubAllEnvs());
  setBitnodesUrl(url);
  const message = messageOf(() => noAnswer(new Error("connect ETIMEDOUT")));
  expect(/\w+ is set/.exec(message)?.[0]).toBe(expected);
  expect(message).not.toContain("secret");
});

function messageOf(run: () => void): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("parseSnapshot", () => {
  const heightAsText = snapshotOf({ "192.0.2.1:8333": [...NEW_DETAILS.slice(0, 4), "870000"] });

  test.each<[string, unknown, string]>([
    ["null", null, "at the top"],
    ["a list", [], "at the top"],
    ["a snapshot without nodes", { ...NEW, nodes: undefined }, "at nodes"],
    ["a snapshot whose nodes are a list", { ...NEW, nodes: ["192.0.2.1:8333"] }, "at nodes"],
    ["a snapshot whose time is text", { ...NEW, timestamp: "today" }, "at timestamp"],
    ["only a node whose height is text", heightAsText, "at nodes → 192.0.2.1:8333"],
    ["only a node that is null", snapshotOf({ "192.0.2.1:8333": null }), "at nodes → 192.0.2.1:8333"],
  ])("parseSnapshot() refuses %s, and says where it is wrong", (_, value, where) => {
    expect(() => parseSnapshot(JSON.stringify(value))).toThrow(BitnodesError);
    expect(() => parseSnapshot(JSON.stringify(value))).toThrow(`not a snapshot: ${where}, `);
  });

  test.each([
    ["four fields", NEW_DETAILS.slice(0, 4)],
    ["six fields", OLD_DETAILS.slice(0, 6)],
    ["fourteen fields", [...OLD_DETAILS, { of: "another kind" }]],
    ["a height of null", [...NEW_DETAILS.slice(0, 4), null]],
  ])("parseSnapshot() returns a node with %s as the API sends it", (_, details) => {
    // One such node used to refuse the whole list.
    const snapshot = snapshotOf({ "192.0.2.1:8333": NEW_DETAILS, "192.0.2.2:8333": details });
    expect(parseSnapshot(JSON.stringify(snapshot))).toEqual(snapshot);
  });

  test.each([
    [[], [null, ""]],
    [[70016], [70016, ""]],
    [
      [70016, null, 1700000000, null],
      [70016, "", 1700000000, null],
    ],
  ])(
    "parseSnapshot() returns the node %j, which has no user agent, with an empty one: %j",
    (details, expected) => {
      // A user agent of null used to refuse the whole list. Lessons and learners count by user agents.
      const snapshot = snapshotOf({ "192.0.2.1:8333": NEW_DETAILS, "192.0.2.2:8333": details });
      expect(parseSnapshot(JSON.stringify(snapshot)).nodes["192.0.2.2:8333"]).toEqual(expected);
    },
  );

  test("parseSnapshot() leaves out the nodes that it cannot read, and warns how many they are", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    onTestFinished(() => void vi.restoreAllMocks());
    const nodes = { "a\x1b[31m:1": null, "192.0.2.1:8333": NEW_DETAILS, "192.0.2.2:8333": ["70016"] };
    expect(parseSnapshot(JSON.stringify(snapshotOf(nodes))).nodes).toEqual({ "192.0.2.1:8333": NEW_DETAILS });
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      "2 of the snapshot's 3 nodes cannot be read and are left out; the first: at nodes → a\\x1b[31m:1, expected a list of fields, got null",
    );
  });

  test("parseSnapshot() allows fields that it does not know", () => {
    expect(parseSnapshot(JSON.stringify({ ...NEW, note: "new" }))).toMatchObject(NEW);
  });
});
