/** The CPU profile: its sums, and that the result or the error of the work is handed on. */
import { Session } from "node:inspector";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { cpuShares, profileCpu } from "@course/lib/notebook";

const frame = (functionName: string, url = "", lineNumber = 0) => ({
  functionName,
  url,
  lineNumber,
  scriptId: "1",
  columnNumber: 0,
});

test("a CPU profile sums the samples by function: idle time first, the others by their time", () => {
  const profile = {
    nodes: [
      { id: 1, callFrame: frame("(idle)") },
      { id: 2, callFrame: frame("parse", "file:///somewhere/packet.js", 51) },
      { id: 3, callFrame: frame("parse", "file:///somewhere/packet.js", 51) }, // called from elsewhere
      { id: 4, callFrame: frame("greet", "evalmachine.<anonymous>", 2) },
      { id: 5, callFrame: frame("", "node:net", 9) },
    ],
    startTime: 0,
    endTime: 101_000,
    samples: [2, 1, 3, 4, 5, 1],
    timeDeltas: [1000, 20_000, 5000, 40_000, 10_000, 5000],
  };
  expect(cpuShares(profile)).toEqual([
    { function: "(idle)", place: "", ms: 25, share: 0.25 },
    { function: "parse", place: "packet.js:52", ms: 60, share: 0.6 },
    { function: "greet", place: "a cell", ms: 10, share: 0.1 },
    { function: "(no name)", place: "node:net:10", ms: 5, share: 0.05 },
  ]);
});

test("a CPU profile without samples has no shares", () => {
  expect(cpuShares({ nodes: [], startTime: 0, endTime: 5 })).toEqual([]);
});

test("profileCpu() finds waiting work idle and computing work busy, and hands on what it returns", async () => {
  const waiting = await profileCpu(async () => {
    await wait(200);
    return "waited";
  });
  const busy = await profileCpu(() => {
    const until = performance.now() + 200;
    while (performance.now() < until);
    return "computed";
  });
  expect([waiting.value, busy.value]).toEqual(["waited", "computed"]);
  expect(waiting.idleShare).toBeGreaterThan(busy.idleShare);
  expect(waiting.functions[0].function).toBe("(idle)");
});

test("profileCpu() rejects with the error of the work, and the next profile works", async () => {
  const failure = new Error("of the work");
  await expect(profileCpu(() => Promise.reject(failure))).rejects.toBe(failure);
  expect((await profileCpu(() => wait(20))).functions.length).toBeGreaterThan(0);
});

test("profileCpu() does not disturb another profiler that is running", async () => {
  const other = new Session();
  other.connect();
  other.post("Profiler.enable");
  other.post("Profiler.start");
  const { value, functions } = await profileCpu(() => wait(20, "done"));
  let seen: unknown;
  other.post("Profiler.stop", (error, result) => (seen = error ?? result.profile.nodes.length));
  other.disconnect();
  expect([value, functions.length > 0, Number(seen) > 0]).toEqual(["done", true, true]);
});
