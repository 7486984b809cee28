import { MessageChannel } from "node:worker_threads";
import { expect, test } from "vitest";
import { Deadlines } from "@course/lib/crawl";

/** Keeps the event loop from turning. */
function blockFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** The deadlines that expire, in order, until there have been so many. */
function watch(timeoutMs: number, count: number) {
  const expired: string[] = [];
  let finish = () => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const deadlines = new Deadlines<string>(timeoutMs, (name) => {
    expired.push(name);
    if (expired.length === count) finish();
  });
  return { deadlines, expired, finished };
}

test("deadlines expire in the order in which they were added, or added again", async () => {
  const { deadlines, expired, finished } = watch(20, 3);
  deadlines.add("first");
  deadlines.add("second");
  deadlines.add("third");
  deadlines.add("first");
  await finished;
  expect(expired).toEqual(["second", "third", "first"]);
});

test("what is taken away does not expire", async () => {
  const { deadlines, expired, finished } = watch(20, 1);
  deadlines.add("taken away");
  deadlines.add("left");
  deadlines.delete("taken away");
  await finished;
  expect(expired).toEqual(["left"]);
});

test("what comes to be known when the event loop looks at last does not expire", async () => {
  const { deadlines, expired, finished } = watch(20, 1);
  deadlines.add("answered");
  deadlines.add("silent");
  // As a socket's answer does, this comes after the timers of a late event loop, and before its checks.
  const channel = new MessageChannel();
  channel.port1.once("message", () => {
    deadlines.delete("answered");
    channel.port1.close();
  });
  channel.port2.postMessage("here");
  blockFor(60);
  await finished;
  expect(expired).toEqual(["silent"]);
});

test("nothing is left of deadlines that are cleared", () => {
  const timers = () =>
    process.getActiveResourcesInfo().filter((name) => /Timeout|Immediate/.test(name)).length;
  const before = timers();
  const { deadlines, expired } = watch(60_000, 1);
  deadlines.add("one");
  expect(timers()).toBe(before + 1);
  deadlines.clear();
  expect(timers()).toBe(before);
  expect(expired).toEqual([]);
});
