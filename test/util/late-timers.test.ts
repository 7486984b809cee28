import { watchTimers } from "@course/lib/util";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";

test("watchTimers() says how late timers were while code kept the event loop busy", async () => {
  const end = watchTimers();
  await sleep(30);
  const until = performance.now() + 200;
  while (performance.now() < until);
  await sleep(1);
  expect(end()).toBeGreaterThan(150);
});
