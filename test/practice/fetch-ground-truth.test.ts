import http from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { fetchGroundTruth } from "@course/lib/practice";
import { practiceNetwork } from "../helpers/practice-network";

test("fetchGroundTruth() resolves with the ground truth of a practice network", async () => {
  const network = await practiceNetwork({ peers: 20, latency: 0 });
  const truth = await fetchGroundTruth(network.api);
  expect(truth).toEqual(await network.truth());
  expect(truth.length).toBeGreaterThanOrEqual(20);
});

test("fetchGroundTruth() of another API resolves with an empty array", async () => {
  const server = http.createServer((_, response) => response.writeHead(404).end("no such page")).listen(0);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  expect(await fetchGroundTruth(`http://127.0.0.1:${port}/api/v1/`)).toEqual([]);
});
