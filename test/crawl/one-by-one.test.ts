import { expect, test } from "vitest";
import { getVersionMessages, type Progress, progressLine } from "@course/lib/crawl";
import type { AddressTuple } from "@course/lib/peer";
import { OUR_VERSION } from "@course/lib/wire";
import { nobody } from "../helpers/loopback";
import { answeringPeer, recordedReply } from "../helpers/peers";

test("getVersionMessages() gives the version messages in the order of the addresses, and keeps the errors", async () => {
  const addressOf = async (software: string) =>
    (await answeringPeer({ chunks: [recordedReply(software)] })).address;
  const addresses: AddressTuple[] = [
    await addressOf("bcoin"),
    await nobody(),
    await addressOf("btcd"),
    ["node.onion", 8333],
    await addressOf("bitcore-p2p"),
  ];
  const { versionMessages, errors } = await getVersionMessages(addresses);
  expect(versionMessages.map(({ userAgent }) => userAgent)).toEqual([
    "/bcoin:v1.0.2/",
    "/btcwire:0.5.0/btcd:0.26.2/",
    "/bitcore:10.10.7/",
  ]);
  expect(errors).toMatchObject([{ code: "REFUSED" }, { code: "UNREACHABLE" }]);
});

test("getVersionMessages() calls a peer only when the one before has answered", async () => {
  const answered: boolean[][] = [];
  const peer = await answeringPeer({}, () =>
    answered.push(peer.connections.map(({ hasAnswered }) => hasAnswered)),
  );
  await getVersionMessages([peer.address, peer.address, peer.address]);
  expect(answered).toEqual([[false], [true, false], [true, true, false]]);
});

test("getVersionMessages() calls its log after each address, with the time since the start", async () => {
  const { address } = await answeringPeer();
  const steps: Progress[] = [];
  await getVersionMessages([address, await nobody(), address], (progress) => steps.push({ ...progress }));
  expect(steps.map(({ received, failed, total }) => [received, failed, total])).toEqual([
    [1, 0, 3],
    [1, 1, 3],
    [2, 1, 3],
  ]);
  const times = steps.map(({ elapsedMs }) => elapsedMs);
  expect(times[0]).toBeGreaterThan(0);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test("getVersionMessages() of no addresses gives nothing, and does not call its log", async () => {
  const steps: Progress[] = [];
  const result = await getVersionMessages([], (progress) => steps.push(progress));
  expect(result).toEqual({ versionMessages: [], errors: [] });
  expect(steps).toEqual([]);
});

test("getVersionMessages() sends the version message of the course", async () => {
  const { address, connections } = await answeringPeer();
  await getVersionMessages([address]);
  expect(Buffer.from(connections[0].received()).equals(OUR_VERSION)).toBe(true);
});

const minutes = (n: number) => n * 60_000;

test.each<[Progress, string]>([
  [
    { received: 120, failed: 30, total: 10_000, elapsedMs: minutes(2.5) },
    "120 received | 30 failed | 9,850 remaining | 1.5% complete | ~164 minutes left",
  ],
  [
    { received: 0, failed: 0, total: 10_000, elapsedMs: 0 },
    "0 received | 0 failed | 10,000 remaining | 0.0% complete | time left not known yet",
  ],
  [
    { received: 0, failed: 0, total: 10_000, elapsedMs: 900 },
    "0 received | 0 failed | 10,000 remaining | 0.0% complete | time left not known yet",
  ],
  [
    { received: 9_000, failed: 1_000, total: 10_000, elapsedMs: minutes(70) },
    "9,000 received | 1,000 failed | 0 remaining | 100.0% complete | done",
  ],
  [
    { received: 0, failed: 0, total: 0, elapsedMs: 0 },
    "0 received | 0 failed | 0 remaining | 100.0% complete | done",
  ],
  [
    { received: 0, failed: 1, total: 3, elapsedMs: 1000 },
    "0 received | 1 failed | 2 remaining | 33.3% complete | less than a minute left",
  ],
  [
    { received: 2, failed: 0, total: 3, elapsedMs: minutes(2) },
    "2 received | 0 failed | 1 remaining | 66.7% complete | ~1 minute left",
  ],
  [
    { received: 9_990, failed: 5, total: 10_000, elapsedMs: minutes(60) },
    "9,990 received | 5 failed | 5 remaining | 99.9% complete | less than a minute left",
  ],
  [
    { received: 9_999, failed: 0, total: 10_000, elapsedMs: minutes(60) },
    "9,999 received | 0 failed | 1 remaining | 99.9% complete | less than a minute left",
  ],
  [
    { received: 1_234_567, failed: 0, total: 2_469_134, elapsedMs: minutes(1500) },
    "1,234,567 received | 0 failed | 1,234,567 remaining | 50.0% complete | ~1,500 minutes left",
  ],
])("progressLine(%j) is %j", (progress, line) => {
  expect(progressLine(progress)).toBe(line);
});

test("progressLine() never says 100.0% before the end", () => {
  for (let left = 1; left <= 20; left++) {
    const line = progressLine({ received: 10_000 - left, failed: 0, total: 10_000, elapsedMs: 1 });
    expect(line).not.toContain("100.0%");
  }
});

test.each<[number, number, number, string]>([
  [1, 1, 29_999, "less than a minute left"],
  [1, 1, 30_000, "~1 minute left"],
  [1, 1, 89_999, "~1 minute left"],
  [1, 1, 90_000, "~2 minutes left"],
  [1, 3, 30_000, "~2 minutes left"],
  [5, 0, 90_000, "done"],
  [0, 5, 90_000, "time left not known yet"],
])(
  "the time left in progressLine(), after %d addresses, with %d remaining, in %d ms, is %j",
  (received, remaining, elapsedMs, text) => {
    const line = progressLine({ received, failed: 0, total: received + remaining, elapsedMs });
    expect(line.split(" | ").at(-1)).toBe(text);
  },
);
