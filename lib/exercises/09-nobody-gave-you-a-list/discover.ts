/** 09-nobody-gave-you-a-list: from a few addresses to the whole network. */
import { expectEqual, expectThat, show } from "../../checks/expect";
import { defineExercise } from "../../checks/exercise";
import { refusingAddress } from "../../checks/fakes/scripted-peer";
import { discover } from "../../discovery/discover-with-promises";
import { addressString, type AddressTuple } from "../../peer/address";
import { type GossipPeer, knownAt, minutesAgo, startGossipPeer } from "../shared/gossip-peers";
import { wrongDiscoveries } from "./discover.wrong";
import {
  calledBeforeAnyAnswer,
  type DiscoverAnswer,
  expectVisited,
  mapped,
  naming,
  NOBODY,
  run,
  SETTLE_MS,
  startNaming,
  textOf,
} from "./discover-checks";

/** Longer than a few calls in turn may take, in milliseconds. */
const limitMs = 10_000;
/** How long to wait for what has to happen, in milliseconds: less than a peer has to answer. */
const WAIT_MS = 1800;

const CHAIN = "It calls the seeds, whom they name, and whom those name";
const ONCE = "Each address is called once, however many name it and however they spell it";
const BOUND = "Never more than `concurrency` peers are called at a time";
const TOGETHER = "`concurrency` peers are called at the same time, if there are as many";
const UNDER_WAY = "It is not over while somebody is under way who may name another";
const FAILURES = "A failure stops nothing, and is the error of its visit";
const HEARD = "`heardOf` counts the different addresses heard of by then, the seeds included";
const FRESH = "Addresses that nobody has seen for 30 days are not called, nor those from the future";
const RULE = "Addresses that may not be called are not called";
const AT_ONCE = "A visit is yielded when it is over, not when all are";

export default defineExercise<DiscoverAnswer>({
  id: "discover",
  notebook: "09-nobody-gave-you-a-list",
  title: "The whole network, from a few addresses",
  points: 6,
  solution: discover,
  source: "discovery/discover-with-promises.ts",
  checksAtOnce: true,
  hints: [
    "You have all the parts. A `Frontier` says whom to call and when it is over; `getAddresses` calls; `freshAddresses` and `ruleFor(seeds)` say what of the answer goes back into the frontier. Write one function that makes a visit of one call, whatever comes of it, and then the loop that keeps several of these under way.",
    "The loop goes on until the frontier is done. In it: fill up, until there are `concurrency` promises or `next()` gives nobody; then `await Promise.race(…)` of those, which gives the first that is over; take that one out, add what it named, tell the frontier that it is `finished` (in this order: it may have named somebody), and `yield`. `add` says whether an address is new, so it is what to count for `heardOf`.",
    "```ts\nconst underWay = new Map<AddressTuple, Promise<{ visit: Visit; known: KnownAddress[] }>>();\nwhile (!frontier.isDone) {\n  while (underWay.size < concurrency) {\n    const address = frontier.next();\n    if (!address) break;\n    underWay.set(address, ask(address));\n  }\n  const { visit, known } = await Promise.race(underWay.values());\n  underWay.delete(visit.address);\n  …                             // hear of what is fresh, and may be called\n  frontier.finished(visit.address);\n  yield { ...visit, heardOf: heardOf };\n}\n```\n\n`ask` is `getAddresses` between two `now()`, with `told` or, in a `catch`, `toPeerError(error)` as the visit's `error`. It must never reject.",
  ],
  checks: [
    {
      name: CHAIN,
      limitMs,
      async run(answer, signal) {
        const last = await startNaming([NOBODY], signal);
        const middle = await startNaming([last.address], signal);
        const first = await startNaming([middle.address], signal);
        const found = await run(answer, [first.address]);
        const what = "of a seed that names a peer that names a third: the addresses that were called";
        expectVisited(what, found, [first.address, middle.address, last.address, NOBODY]);
      },
    },
    {
      name: ONCE,
      limitMs,
      async run(answer, signal) {
        const target = await startNaming([NOBODY], signal);
        const one = await startNaming([target.address, mapped(target.address)], signal);
        const two = await startNaming([mapped(target.address), one.address], signal);
        const seeds = [one.address, two.address, mapped(one.address)];
        const found = await run(answer, seeds);
        const what = "of two seeds that name the same peer, one of them in the form ::ffff:127.0.0.1";
        const all: AddressTuple[] = [one.address, two.address, target.address, NOBODY];
        expectVisited(`${what}: the addresses that were called`, found, all);
        expectEqual(`${what}: how often that peer was called`, target.connections(), 1);
      },
    },
    {
      name: BOUND,
      limitMs,
      async run(answer, signal) {
        for (const concurrency of [1, 3]) {
          const called = await calledBeforeAnyAnswer(answer, 6, concurrency, signal);
          expectThat(
            called <= concurrency,
            `of 6 peers that answer only later, ${concurrency} at a time: expected at most ${concurrency} connections, got ${called}`,
          );
        }
      },
    },
    {
      name: TOGETHER,
      limitMs,
      async run(answer, signal) {
        let [open, called] = [(): void => {}, 0];
        const waitsFor = new Promise<void>((resolve) => (open = resolve));
        const script = { answer: [naming(...knownAt([NOBODY]))], waitsFor };
        const onConnection = () => {
          if (++called === 3) open();
        };
        const starts = Array.from({ length: 3 }, () => startGossipPeer(script, signal, onConnection));
        const peers = await Promise.all(starts);
        const found = await run(
          answer,
          peers.map(({ address }) => address),
          3,
        );
        const failed = found.filter(({ address, error }) => error && address[1] !== NOBODY[1]);
        expectThat(
          failed.length === 0,
          `of 3 peers that answer when all 3 are called, 3 at a time: expected 3 answers, got ${3 - failed.length}; the first error was ${show(failed[0]?.error?.message)}`,
        );
      },
    },
    {
      name: UNDER_WAY,
      limitMs,
      async run(answer, signal) {
        let go = (): void => {};
        const waitsFor = new Promise<void>((resolve) => (go = resolve));
        const target = await startNaming([NOBODY], signal);
        const slow = await startNaming([target.address], signal, waitsFor);
        const gone = await refusingAddress(signal);
        // For answers that yield late: another check says so.
        const timer = setTimeout(go, WAIT_MS);
        const found = await run(answer, [slow.address, gone], 10, ({ address }) => {
          if (textOf(address) === textOf(gone)) setTimeout(go, SETTLE_MS);
        });
        clearTimeout(timer);
        const what = "when nobody waits, and a slow peer is under way that names another: who was called";
        expectVisited(what, found, [slow.address, gone, target.address, NOBODY]);
      },
    },
    {
      name: FAILURES,
      limitMs,
      async run(answer, signal) {
        const refusing = await refusingAddress(signal);
        const hangingUp = await startGossipPeer({ hangsUp: true }, signal);
        const invalid = await startGossipPeer(
          { answer: [Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n")] },
          signal,
        );
        const good = await startNaming([refusing], signal);
        const seeds = [refusing, hangingUp.address, invalid.address, good.address];
        const found = await run(answer, seeds, 2);
        expectVisited("of four seeds, three of which fail: the addresses that were called", found, seeds);
        for (const { address, error } of found) {
          const isGood = textOf(address) === textOf(good.address);
          const which = isGood ? "the peer that answers" : "a peer that fails";
          const expected = isGood ? "no error" : "an error";
          expectThat(
            isGood ? error === undefined : error instanceof Error,
            `the visit to ${which}: expected ${expected}, got ${show(error)}`,
          );
        }
      },
    },
    {
      name: HEARD,
      limitMs,
      async run(answer, signal) {
        const named: AddressTuple[] = [NOBODY, ["127.0.0.1", 2], ["127.0.0.1", 3]];
        const second = await startNaming([...named, mapped(named[0])], signal);
        const first = await startNaming([second.address, named[0]], signal);
        const found = await run(answer, [first.address]);
        const after = (peer: GossipPeer) =>
          found.find(({ address }) => textOf(address) === textOf(peer.address))?.heardOf;
        expectEqual("heardOf, after a seed that names two others", after(first), 3);
        expectEqual("heardOf, at the end of five addresses", found.at(-1)?.heardOf, 5);
      },
    },
    {
      name: FRESH,
      limitMs,
      async run(answer, signal) {
        const DAYS = 24 * 60;
        const known = [
          ...knownAt([NOBODY], minutesAgo(29 * DAYS)),
          ...knownAt([["127.0.0.1", 2]], minutesAgo(31 * DAYS)),
          ...knownAt([["127.0.0.1", 3]], minutesAgo(-60)),
          ...knownAt([["127.0.0.1", 4]], 2 ** 32 - 1),
        ];
        const peer = await startGossipPeer({ answer: [naming(...known)] }, signal);
        const found = await run(answer, [peer.address]);
        const what = "of addresses seen 29 and 31 days ago, in an hour, and in 2106: who was called";
        expectVisited(what, found, [peer.address, NOBODY]);
        const told = found.find(({ address }) => textOf(address) === textOf(peer.address))?.told;
        expectEqual("`told` of a peer that names 12 addresses, 3 of which are fresh", told, 12);
      },
    },
    {
      name: RULE,
      limitMs,
      async run(answer, signal) {
        // Of documentation: nobody is there, if an answer calls them all the same.
        const outside: AddressTuple[] = [
          ["192.0.2.1", 8333],
          ["198.51.100.7", 8333],
          ["2001:db8::7", 8333],
        ];
        const peer = await startNaming([...outside, NOBODY], signal);
        const found = await run(answer, [peer.address]);
        const what = `of a peer on loopback that names ${outside.map(addressString).join(", ")}: who was called`;
        expectVisited(what, found, [peer.address, NOBODY]);
      },
    },
    {
      name: AT_ONCE,
      limitMs,
      async run(answer, signal) {
        let go = (): void => {};
        const waitsFor = new Promise<void>((resolve) => (go = resolve));
        const slow = await startNaming([NOBODY], signal, waitsFor);
        const gone = await refusingAddress(signal);
        let [first, isLate] = ["", false];
        const timer = setTimeout(() => {
          isLate = true;
          go();
        }, WAIT_MS);
        const found = await run(answer, [slow.address, gone], 10, ({ address }) => {
          first ||= textOf(address);
          go();
        });
        clearTimeout(timer);
        // Where this process is late, its timer may be, too: then the slow one's time is over before.
        isLate ||= found.some(({ error }) => error?.code === "ANSWER_TIMEOUT");
        const what = "of a seed that is slow and one that refuses the connection";
        expectThat(!isLate, `${what}: expected a visit when the second had refused, got none`);
        expectEqual(`${what}: the first visit`, first, textOf(gone));
      },
    },
    {
      name: "No seeds are no network",
      limitMs,
      run: async (answer) => expectEqual("the visits of no seeds", await run(answer, []), []),
    },
  ],
  wrongAnswers: wrongDiscoveries({
    CHAIN,
    ONCE,
    BOUND,
    TOGETHER,
    UNDER_WAY,
    FAILURES,
    HEARD,
    FRESH,
    RULE,
    AT_ONCE,
  }),
});
