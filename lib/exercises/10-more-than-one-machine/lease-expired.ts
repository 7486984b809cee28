/** 10-more-than-one-machine: who counts as dead. */
import { expectEqual } from "../../checks/expect";
import { defineExercise } from "../../checks/exercise";
import { leaseExpired, type Leases } from "../../frontier/lease-expired";

type Answer = typeof leaseExpired;

/** A moment of the server's clock in 2018: an answer that looks at its own clock is wrong by years. */
const NOW = 1_532_314_003_000;
const LEASE = 5000;

const NAMES = ["machine 1", "machine 2", "machine 3"];

function expectExpired(answer: Answer, leases: Leases, worker: string, expected: boolean): void {
  const ends = Object.entries(leases).map(([name, until]) => `${name}: ${signed(until - NOW)} ms`);
  const what = `leaseExpired of ${worker}, with leases that end at now plus (${ends.join(", ") || "none"})`;
  expectEqual(what, answer(leases, worker, NOW), expected);
}

function signed(ms: number): string {
  return ms < 0 ? `−${-ms}` : `+${ms}`;
}

const ALIVE = "A worker whose lease has time left is alive";
const DEAD = "A worker whose lease has ended is dead";
const LAST = "In its last millisecond a lease still holds";
const NONE = "A worker without a lease is dead";
const OWN = "Each worker has a lease of its own";
const AHEAD = "A lease far ahead is no sign of death";

export default defineExercise<Answer>({
  id: "leaseExpired",
  notebook: "10-more-than-one-machine",
  title: "Who counts as dead",
  points: 2,
  solution: leaseExpired,
  source: "frontier/lease-expired.ts",
  randomArguments: (random) => [
    Object.fromEntries(NAMES.slice(0, 2).map((name) => [name, NOW + random.integer(-LEASE, LEASE)])),
    NAMES[random.integer(0, 2)],
    NOW,
  ],
  hints: [
    "A lease is a moment: until then the worker counts as alive. With which moment do you compare it? And what do you get from `leases[worker]` for a worker that is not in there?",
    "`leases[worker]` is `undefined` for a worker without a lease, and any comparison with `undefined` is `false`. Say first what holds then. For all others compare the end of the lease with `now`: the last millisecond still counts.",
    "```ts\nconst until = leases[worker];\nif (until === undefined) return true;\nreturn /* has until passed? */;\n```\n\nIt has passed when it is smaller than `now`.",
  ],
  checks: [
    {
      name: ALIVE,
      run(answer) {
        expectExpired(answer, { "machine 1": NOW + LEASE }, "machine 1", false);
        expectExpired(answer, { "machine 1": NOW + 1 }, "machine 1", false);
      },
    },
    {
      name: DEAD,
      run(answer) {
        expectExpired(answer, { "machine 1": NOW - 1 }, "machine 1", true);
        expectExpired(answer, { "machine 1": NOW - 3_600_000 }, "machine 1", true);
      },
    },
    { name: LAST, run: (answer) => expectExpired(answer, { "machine 1": NOW }, "machine 1", false) },
    {
      name: NONE,
      run(answer) {
        expectExpired(answer, {}, "machine 1", true);
        expectExpired(answer, { "machine 2": NOW + LEASE }, "machine 1", true);
      },
    },
    {
      name: OWN,
      run(answer) {
        const leases = { "machine 1": NOW - 200, "machine 2": NOW + 200 };
        expectExpired(answer, leases, "machine 1", true);
        expectExpired(answer, leases, "machine 2", false);
      },
    },
    {
      name: AHEAD,
      run: (answer) => expectExpired(answer, { "machine 1": NOW + 3_600_000 }, "machine 1", false),
    },
  ],
  wrongAnswers: [
    {
      name: "is false for a worker without a lease",
      caughtBy: NONE,
      answer: (leases, worker, now) => leases[worker] < now,
    },
    {
      name: "lets a lease end a millisecond early",
      caughtBy: LAST,
      answer: (leases, worker, now) => leaseExpired(leases, worker, now + 1),
    },
    {
      name: "compares the wrong way round",
      caughtBy: ALIVE,
      answer: (leases, worker, now) => !leaseExpired(leases, worker, now),
    },
    {
      name: "takes the lease for the moment when it began, five seconds before",
      caughtBy: DEAD,
      answer: (leases, worker, now) => leaseExpired(leases, worker, now - LEASE),
    },
    {
      name: "compares with its own clock",
      caughtBy: ALIVE,
      answer: (leases, worker) => leaseExpired(leases, worker, Date.now()),
    },
    {
      name: "says who is alive by the first lease in the list",
      caughtBy: OWN,
      answer: (leases, worker, now) => !(worker in leases) || Object.values(leases)[0] < now,
    },
    {
      name: "counts the distance without its sign",
      caughtBy: AHEAD,
      answer: (leases, worker, now) =>
        leaseExpired(leases, worker, now) || Math.abs(leases[worker] - now) > LEASE,
    },
  ],
});
