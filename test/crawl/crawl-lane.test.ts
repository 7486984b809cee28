import { expect, test } from "vitest";
import type { Connection } from "../../lib/crawl/connection";
import { CrawlLane } from "../../lib/crawl/crawl-lane";

/** Returns a lane of that many slots, all taken, and in `asked` those that have been asked for addresses. */
function fullLane(concurrency: number): { lane: CrawlLane; connections: Connection[]; asked: Connection[] } {
  const lane = new CrawlLane({ takes: ["ip"], concurrency, timeoutMs: 1000, answerMs: 1000, quietMs: 1000 });
  const asked: Connection[] = [];
  const connections = Array.from({ length: concurrency }, () => {
    const connection = { ask: () => asked.push(connection) } as unknown as Connection;
    lane.add(connection);
    return connection;
  });
  return { lane, connections, asked };
}

test("half of a lane's peers are asked for addresses at a time, and another one when one has answered or is gone", () => {
  const { lane, connections, asked } = fullLane(6);
  const [a, b, c, d, e, f] = connections;
  for (const connection of connections) lane.onVersion(connection);
  expect(asked).toEqual([a, b, c]);
  lane.onAnswer(b);
  lane.onAnswer(b); // the second part of its answer
  expect(asked).toEqual([a, b, c, d]);
  lane.delete(e); // which hangs up before it is asked
  lane.delete(a);
  expect(asked).toEqual([a, b, c, d, f]);
  lane.clear();
});

test("a lane of one peer asks it", () => {
  const { lane, connections, asked } = fullLane(1);
  lane.onVersion(connections[0]);
  expect(asked).toEqual(connections);
  lane.clear();
});
