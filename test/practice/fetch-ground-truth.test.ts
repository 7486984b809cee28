import http from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { fetchGroundTruth, servePracticeNetwork } from "@course/lib/practice";

test("a practice network tells the truth about each of its peers", async () => {
  const network = await servePracticeNetwork({ peers: 20, latency: 0 });
  onTestFinished(() => network.close());
  const truth = await fetchGroundTruth(network.api);
  expect(truth).toEqual(await network.truth());
  expect(truth.length).toBeGreaterThanOrEqual(20);
});

test("another API knows of no such thing, and gives nothing", async () => {
  const server = http.createServer((_, response) => response.writeHead(404).end("no such page")).listen(0);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  expect(await fetchGroundTruth(`http://127.0.0.1:${port}/api/v1/`)).toEqual([]);
});
