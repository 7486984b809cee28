import os from "node:os";
import { expect, test } from "vitest";
import { runChecks } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { getVersionMessage } from "@course/lib/peer";

const exercise = exercises.getVersionMessage;
const interfaces = Object.values(os.networkInterfaces()).flat();
const hasIPv6 = interfaces.some((found) => found?.address === "::1");

test("a getVersionMessage that knows only IPv4 is caught on a machine that has IPv6", async () => {
  const name = "A peer at an IPv6 address is called in the same way";
  const checks = exercise.checks.filter((check) => check.name === name);
  const answer: typeof getVersionMessage = ([host, port]) =>
    getVersionMessage([host === "::1" ? "127.0.0.1" : host, port]);
  expect(await runChecks({ ...exercise, checks }, answer)).toMatchObject({
    status: hasIPv6 ? "failed" : "solved",
    checks: [{ name, passed: !hasIPv6 }],
  });
});
