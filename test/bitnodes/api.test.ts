import { type Dispatcher, getGlobalDispatcher, MockAgent, setGlobalDispatcher } from "undici";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  BITNODES_URL,
  BitnodesError,
  getBitnodesApiResponse,
  getNodes,
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

describe("an answer that is no snapshot is a BitnodesError", () => {
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

  test.each([
    ["without a retry-after header", {}],
    ["with a date in its retry-after header", { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" }],
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

describe("parseSnapshot", () => {
  const twelveFields = snapshotOf({ "192.0.2.1:8333": OLD_DETAILS.slice(0, 12) });
  const heightAsText = snapshotOf({ "192.0.2.1:8333": [...NEW_DETAILS.slice(0, 4), "870000"] });

  test.each<[string, unknown, string]>([
    ["null", null, "at the top"],
    ["a list", [], "at the top"],
    ["a snapshot without nodes", { ...NEW, nodes: undefined }, "at nodes"],
    ["a snapshot whose nodes are a list", { ...NEW, nodes: ["192.0.2.1:8333"] }, "at nodes"],
    ["a snapshot whose time is text", { ...NEW, timestamp: "today" }, "at timestamp"],
    ["a node with twelve fields", twelveFields, "at nodes → 192.0.2.1:8333"],
    ["a node whose height is text", heightAsText, "at nodes → 192.0.2.1:8333"],
    ["a node that is null", snapshotOf({ "192.0.2.1:8333": null }), "at nodes → 192.0.2.1:8333"],
  ])("parseSnapshot() refuses %s, and says where it is wrong", (_, value, where) => {
    expect(() => parseSnapshot(JSON.stringify(value))).toThrow(BitnodesError);
    expect(() => parseSnapshot(JSON.stringify(value))).toThrow(`not a snapshot: ${where}, `);
  });

  test("parseSnapshot() allows fields that it does not know", () => {
    expect(parseSnapshot(JSON.stringify({ ...NEW, note: "new" }))).toMatchObject(NEW);
  });
});
