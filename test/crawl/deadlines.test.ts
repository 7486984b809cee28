import { MessageChannel } from "node:worker_threads";
import { beforeEach, expect, test, vi } from "vitest";
import { Deadlines } from "@course/lib/crawl";
import { blockFor, settle, stopClock } from "../helpers/blocking";

/** Starts deadlines of 20 ms, with a list of those that have expired. */
function watchDeadlines() {
  const expired: string[] = [];
  const deadlines = new Deadlines<string>(20, (name) => expired.push(name));
  return { deadlines, expired };
}

/** Lets time pass, and what is due in it expire. */
async function pass(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await settle();
}

beforeEach(stopClock);

test("deadlines expire in the order in which they were added, or added again", async () => {
  const { deadlines, expired } = watchDeadlines();
  for (const name of ["first", "second", "third", "first"]) deadlines.add(name);
  await pass(25);
  expect(expired).toEqual(["second", "third", "first"]);
});

test("deadlines expire when their time is over, and not before", async () => {
  const { deadlines, expired } = watchDeadlines();
  deadlines.add("first");
  await pass(10);
  deadlines.add("second");
  await pass(9);
  expect(expired).toEqual([]);
  await pass(3);
  expect(expired).toEqual(["first"]);
  await pass(10);
  expect(expired).toEqual(["first", "second"]);
});

test("deadlines that are deleted do not expire", async () => {
  const { deadlines, expired } = watchDeadlines();
  deadlines.add("deleted");
  deadlines.add("left");
  deadlines.delete("deleted");
  await pass(25);
  expect(expired).toEqual(["left"]);
});

test("deadlines that are deleted by what arrived while the event loop was blocked do not expire", async () => {
  const { deadlines, expired } = watchDeadlines();
  deadlines.add("answered");
  deadlines.add("silent");
  // Like a peer's answer, a message is read in the poll that follows the late timers, before the checks.
  const { port1, port2 } = new MessageChannel();
  const isRead = new Promise<void>((resolve) =>
    port1.once("message", () => {
      deadlines.delete("answered");
      port1.close();
      resolve();
    }),
  );
  blockFor(60, () => port2.postMessage("here"));
  await isRead;
  await settle();
  expect(expired).toEqual(["silent"]);
});

test("deadlines that are cleared leave nothing behind", async () => {
  const { deadlines, expired } = watchDeadlines();
  deadlines.add("one");
  expect(vi.getTimerCount()).toBe(1);
  deadlines.clear();
  expect(vi.getTimerCount()).toBe(0);
  deadlines.add("two");
  vi.advanceTimersByTime(25); // the timer has noted the time, and the check is to come
  deadlines.clear();
  await settle();
  expect(expired).toEqual([]);
});
