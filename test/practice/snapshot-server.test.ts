/**
 * Snapshots that are served: the same routes as those of the practice network, which test/practice/api.test.ts
 * tests.
 */
import * as bitnodes from "@course/lib/bitnodes";
import { getBitnodesApiResponse, type Snapshot } from "@course/lib/bitnodes";
import { joinNetwork, serveSnapshots } from "@course/lib/practice";
import { afterEach, expect, onTestFinished, test } from "vitest";

const url = bitnodes.BITNODES_URL;
afterEach(() => bitnodes.setBitnodesUrl(url));

const snapshotAt = (timestamp: number): Snapshot => ({
  timestamp,
  total_nodes: 1,
  latest_height: timestamp,
  nodes: { "1.2.3.4:8333": [70016, "/a/", 1, 1, timestamp] },
});

/** Serves snapshots until the test is over, and returns a function that asks for a path. */
async function served(...snapshots: Snapshot[]) {
  const server = await serveSnapshots(snapshots);
  onTestFinished(() => server.close());
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(new URL(path, server.url), { redirect: "manual", ...init });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  return { server, get };
}

test("the library's client gets the newest of the snapshots that are served", async () => {
  const { server } = await served(snapshotAt(100), snapshotAt(300), snapshotAt(200));
  bitnodes.setBitnodesUrl(server.url);
  expect(await getBitnodesApiResponse()).toEqual(snapshotAt(300));
});

test("the list has all snapshots, newest first, and links to each", async () => {
  const { server, get } = await served(snapshotAt(100), snapshotAt(300), snapshotAt(200));
  const { body } = await get("snapshots/?limit=2");
  const lines = [300, 200].map((timestamp) => ({
    url: `${server.url}snapshots/${timestamp}/`,
    timestamp,
    total_nodes: 1,
    latest_height: timestamp,
  }));
  const next = `${server.url}snapshots/?limit=2&page=2`;
  expect(body).toEqual({ count: 3, next, previous: null, results: lines });
  expect((await get(lines[1].url)).body).toEqual(snapshotAt(200));
  expect((await get("snapshots/100")).headers.get("location")).toBe("/api/v1/snapshots/100/");
});

test.each([
  ["snapshots/400/", 404],
  ["nodes/", 404],
  ["/practice/truth", 404],
  ["/", 404],
])("%s is answered with %i", async (path, status) => {
  const { get } = await served(snapshotAt(100));
  expect((await get(path)).status).toBe(status);
});

test("a snapshot server allows reading alone", async () => {
  const { get } = await served(snapshotAt(100));
  expect((await get("", { method: "PUT" })).status).toBe(405);
});

test("a network whose list is served is a given one: it is no practice network, and is not called live", async () => {
  const { server } = await served(snapshotAt(100));
  const said: string[] = [];
  const network = await joinNetwork({ env: { BITNODES_URL: server.url }, log: (text) => said.push(text) });
  expect(network).toMatchObject({ name: "given", BITNODES_URL: server.url });
  expect(said).toEqual([`You call the nodes that ${server.url} lists.`]);
});

test("who needs a small network with seeds joins a practice network in place of a list that has none, and is told", async () => {
  const { server } = await served(snapshotAt(100));
  const said: string[] = [];
  const network = await joinNetwork({
    env: { BITNODES_URL: server.url },
    peers: 3,
    maxPeers: 3,
    log: (text) => said.push(text),
  });
  expect(network).toMatchObject({ name: "practice", peers: 3 });
  expect(network.seeds).toContain("seed.oak.test");
  expect(said[0]).toBe(
    `${server.url} lists nodes, and names no DNS seeds: what follows needs some, and calls a practice network.`,
  );
});

test("no snapshots, and two of the same time, are refused", async () => {
  await expect(serveSnapshots([])).rejects.toThrow("expected at least one snapshot to serve, got none");
  await expect(serveSnapshots([snapshotAt(1), snapshotAt(1)])).rejects.toThrow("got two of the same");
});
