import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { Packet, VersionMessage } from "@course/lib/wire";
import { readBareVersion } from "../../scripts/bench/bare-reader";
import { addressesIn } from "../../scripts/bench/clients/job";
import { handshakeCandidates } from "../../scripts/bench/encrypted";
import { versionPackets } from "../../scripts/bench/parse-version";
import { target } from "../../scripts/bench/report";
import { measure, median } from "../../scripts/bench/measure";
import { shortestTime } from "../../scripts/bench/crawl-runs";
import { root } from "../../scripts/setup/paths";

describe("readBareVersion()", () => {
  test("the floor reads the same fields of every measured message as the library", () => {
    for (const packet of versionPackets()) {
      const message = VersionMessage.fromBytes(Packet.fromBytes(packet).payload);
      const { receiver, sender, ...bare } = readBareVersion(packet);
      expect(message).toMatchObject(bare);
      expect([message.receiver.port, message.sender.services]).toEqual([receiver.port, sender.services]);
    }
  });

  test.each([0, 5, 20, 24])("the floor throws on a message whose byte %d is changed", (offset) => {
    const [packet] = versionPackets();
    packet[offset] ^= 1;
    expect(() => readBareVersion(packet)).toThrow();
  });
});

describe("measure()", () => {
  test("measure() runs the candidates in turns, in reverse order every other round", () => {
    const calls: string[] = [];
    const candidate = (name: string) => ({ name, run: () => void calls.push(name) });
    const results = measure([candidate("a"), candidate("b")], { rounds: 5, roundMs: 1 });
    expect(calls.slice(-10).join("")).toBe("abbaabbaab");
    expect(results.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(results[0].ratio).toBe(1);
  });

  test.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2],
    [[7], 7],
  ])("the median of %j is %d", (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});

test("each candidate of the part v2 completes a handshake", () => {
  const candidates = handshakeCandidates();
  for (const { run } of candidates) expect(() => run(1)).not.toThrow();
  expect(candidates.map(({ name }) => name)).toEqual([
    "floor: Node's own primitives",
    "as crawl() and practice peers do it",
    "with new keys on both sides",
  ]);
});

describe("shortestTime()", () => {
  test.each<[number[], number, number]>([
    [[], 5, 0],
    [[3, 1, 2], 1, 6],
    [[3, 1, 2], 2, 3],
    [[3, 1, 2], 10, 3],
    [[2, 2, 2, 2, 5], 2, 9],
  ])("the shortest time for visits of %j ms, %d at a time, is %d ms", (durations, slots, ms) => {
    expect(shortestTime(durations, slots)).toBe(ms);
  });
});

test.each<[number, { most: number } | { least: number }, boolean]>([
  [1.1, { most: 1.1 }, true],
  [1.11, { most: 1.1 }, false],
  [2, { least: 2 }, true],
  [1.99, { least: 2 }, false],
])("a figure of %d meets a target of %j: %s", (figure, limit, met) => {
  expect(target("figure", figure, limit).met).toBe(met);
});

test("a client reads its addresses from a file, IPv6 and names among them", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "addresses-"));
  const file = path.join(folder, "addresses");
  writeFileSync(file, "127.0.0.1 8333\n::1 18333\nabc.onion 8333\n");
  expect([...addressesIn({ file, repetitions: 1 })]).toEqual([
    ["127.0.0.1", 8333],
    ["::1", 18333],
    ["abc.onion", 8333],
  ]);
  rmSync(folder, { recursive: true });
});

test("npm run bench prints figures in which each client has recorded every peer", async () => {
  const bench = path.join(root, "scripts", "run.cjs");
  const args = [bench, "bench", "speed", "--rounds", "1", "--peers", "100", "--json"];
  // With so few peers it misses targets, and fails.
  const { stdout } = await promisify(execFile)(process.execPath, args).catch(
    (error: { stdout: string }) => error,
  );
  const { reports } = JSON.parse(stdout) as {
    reports: Record<string, { figures: { name: string; recorded: number[]; inTime: number }[] }>;
  };
  expect(Object.keys(reports)).toEqual(["speed"]);
  for (const { figures } of Object.values(reports)) {
    for (const { name, recorded, inTime } of figures) expect([name, ...recorded]).toEqual([name, inTime]);
  }
});
