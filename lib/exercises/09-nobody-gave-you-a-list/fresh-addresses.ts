/** 09-nobody-gave-you-a-list: which rumours are fresh enough to be followed. */
import { expectEqual, expectThat, show } from "../../checks/expect";
import { defineExercise } from "../../checks/exercise";
import { freshAddresses } from "../../discovery/fresh-addresses";
import type { AddressTuple } from "../../peer/address";
import type { KnownAddress } from "../../wire/addr";
import { host, listOf, port } from "../shared/random-input";

type Answer = typeof freshAddresses;

/** A moment in 2018, in seconds: an answer that looks at its own clock is wrong by years. */
const NOW = 1_532_314_003;
const DAY = 24 * 60 * 60;

/** Returns an address that was seen so many seconds before `NOW`. */
function seen(secondsAgo: number, host = "192.0.2.7"): KnownAddress {
  return { time: NOW - secondsAgo, services: 1033n, host, port: 8333 };
}

const inTime = (...hosts: string[]): AddressTuple[] => hosts.map((host) => [host, 8333]);

function expectFresh(answer: Answer, known: KnownAddress[], maxAge: number, expected: AddressTuple[]): void {
  const ages = known.map(({ time }) => NOW - time).join(", ");
  const fresh: unknown = answer(known, NOW, maxAge);
  const what = `of addresses seen ${ages} seconds ago, with a maximum age of ${maxAge}`;
  expectThat(Array.isArray(fresh), `${what}: expected a list, got ${show(fresh)}`);
  expectEqual(what, fresh, expected);
}

const OLD = "An address that was seen longer ago is omitted";
const AHEAD = "A time more than ten minutes ahead is not believed: no address stays fresh for ever";
const TUPLES = "Fresh addresses come back as host and port, in their order";

export default defineExercise<Answer>({
  id: "freshAddresses",
  notebook: "09-nobody-gave-you-a-list",
  title: "Fresh, as far as one can believe it",
  points: 2,
  solution: freshAddresses,
  source: "discovery/fresh-addresses.ts",
  randomArguments: (random) => [
    listOf(random, 12, () => ({ ...seen(random.integer(-900, 2 * DAY), host(random)), port: port(random) })),
    NOW,
    random.integer(0, 2 * DAY),
  ],
  hints: [
    "Two things to do, one after the other: keep some of the entries, and give each another form. A list has a method for either. What are the two bounds between which a time may lie?",
    "`known.filter(({ time }) => …)` keeps, and `.map(({ host, port }): AddressTuple => [host, port])` gives the form. The lower bound is `now - maxAgeSeconds`. The upper one is not `now`: clocks differ, and ten minutes ahead is forgiven.",
    "```ts\nreturn known\n  .filter(({ time }) => time >= now - maxAgeSeconds && /* … and not too far ahead */)\n  .map(({ host, port }): AddressTuple => [host, port]);\n```\n\nTen minutes are 600 seconds, and everything here is in seconds.",
  ],
  checks: [
    {
      name: TUPLES,
      run(answer) {
        const known = [seen(60, "192.0.2.9"), seen(3600, "192.0.2.1"), seen(5, "2001:db8::5")];
        expectFresh(answer, known, DAY, inTime("192.0.2.9", "192.0.2.1", "2001:db8::5"));
      },
    },
    {
      name: OLD,
      run(answer) {
        expectFresh(answer, [seen(2 * DAY, "192.0.2.1"), seen(60)], DAY, inTime("192.0.2.7"));
        expectFresh(answer, [seen(2 * DAY)], 3 * DAY, inTime("192.0.2.7"));
        expectFresh(answer, [seen(DAY + 1)], DAY, []);
      },
    },
    {
      name: "One that was seen exactly so long ago is fresh",
      run: (answer) => expectFresh(answer, [seen(DAY)], DAY, inTime("192.0.2.7")),
    },
    {
      name: "A clock may be ten minutes ahead",
      run: (answer) =>
        expectFresh(
          answer,
          [seen(-30, "192.0.2.1"), seen(-600, "192.0.2.2")],
          DAY,
          inTime("192.0.2.1", "192.0.2.2"),
        ),
    },
    {
      name: AHEAD,
      run(answer) {
        expectFresh(answer, [seen(-601)], DAY, []);
        const endOfTime: KnownAddress = { ...seen(0), time: 2 ** 32 - 1 };
        expectFresh(answer, [endOfTime, seen(60, "192.0.2.1")], DAY, inTime("192.0.2.1"));
      },
    },
    {
      name: "A time of 0 is very long ago",
      run: (answer) => expectFresh(answer, [{ ...seen(0), time: 0 }], 30 * DAY, []),
    },
    {
      name: "The list that was given stays as it was, and may be empty",
      run(answer) {
        const known = [seen(2 * DAY), seen(60, "192.0.2.9"), seen(5, "192.0.2.1")];
        const before = [...known];
        answer(known, NOW, DAY);
        expectEqual("the list that was given, afterwards", known, before);
        expectFresh(answer, [], DAY, []);
      },
    },
  ],
  wrongAnswers: [
    {
      name: "believes any time that is not too old",
      caughtBy: AHEAD,
      answer: (known, now, maxAge) =>
        known.filter(({ time }) => time >= now - maxAge).map(({ host, port }) => [host, port]),
    },
    {
      name: "looks at the difference without its sign",
      caughtBy: AHEAD,
      answer: (known, now, maxAge) =>
        known.filter(({ time }) => Math.abs(now - time) <= maxAge).map(({ host, port }) => [host, port]),
    },
    {
      name: "forgives no clock that is ahead",
      caughtBy: "A clock may be ten minutes ahead",
      answer: (known, now, maxAge) =>
        freshAddresses(
          known.filter(({ time }) => time <= now),
          now,
          maxAge,
        ),
    },
    {
      name: "compares with its own clock",
      caughtBy: TUPLES,
      answer: (known, _now, maxAge) => freshAddresses(known, Date.now() / 1000, maxAge),
    },
    {
      name: "takes times for milliseconds",
      caughtBy: OLD,
      answer: (known, now, maxAge) => freshAddresses(known, now, maxAge * 1000),
    },
    {
      name: "omits what is exactly as old as allowed",
      caughtBy: "One that was seen exactly so long ago is fresh",
      answer: (known, now, maxAge) => freshAddresses(known, now, maxAge - 1),
    },
    {
      name: "returns what it was given, unchanged in form",
      caughtBy: TUPLES,
      answer: (known, now, maxAge) =>
        known.filter(({ time }) => time >= now - maxAge && time <= now + 600) as unknown as AddressTuple[],
    },
    {
      name: "sorts the list in place, newest first",
      caughtBy: "The list that was given stays as it was, and may be empty",
      answer: (known, now, maxAge) =>
        freshAddresses(
          (known as KnownAddress[]).sort((a, b) => b.time - a.time),
          now,
          maxAge,
        ),
    },
  ],
});
