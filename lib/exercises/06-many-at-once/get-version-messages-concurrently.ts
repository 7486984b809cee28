/** 06-many-at-once: all addresses, many at a time; a failure affects no other visit. */
import { addressString, type AddressTuple } from "../../peer/address";
import { getVersionMessagesConcurrently } from "../../crawl/concurrently";
import { mapPool } from "../../crawl/map-pool";
import { triedWith } from "../../checks/calls";
import { expectEqual, expectThat, Mismatch, show } from "../../checks/expect";
import { visit } from "../../peer/handshake";
import type { Visit } from "../../peer/visit";
import { expectVersionFields, visitsOf } from "../shared/peer-checks";
import { defineExercise } from "../../checks/exercise";
import { ANOTHER_PEER, BTCD, OLD_PEER } from "../shared/recorded-replies";
import {
  ConnectionCount,
  peersText,
  type SamplePeer,
  startGatedPeers,
  startSamplePeer,
} from "../shared/sample-peers";

type Answer = typeof getVersionMessagesConcurrently;

/** How long a peer takes to answer, in milliseconds: long enough for the answer to call others. */
const ANSWER_MS = 20;
/** Longer than two visits may take, in milliseconds, so that the visits are judged and not the wait. */
const limitMs = 6000;

/** What is at each of the addresses, in their order. */
const SAMPLE_PEERS: readonly SamplePeer[] = [
  BTCD,
  "hangs up",
  ANOTHER_PEER,
  "silent",
  OLD_PEER,
  "refuses",
  BTCD,
];

const PEERS = peersText(SAMPLE_PEERS);

/** Returns what an answer gives for these addresses, at which there are `peers`. */
function visitsFrom(answer: Answer, addresses: AddressTuple[], concurrency: number, peers: string) {
  const input = `${peers}, ${concurrency} at a time`;
  return triedWith(input, async () => visitsOf(input, await answer(addresses, concurrency)));
}

/** Lets an answer visit this many peers. Returns the most connections that were open at the same time. */
async function mostAtOnce(answer: Answer, peers: number, concurrency: number, signal: AbortSignal) {
  const count = new ConnectionCount();
  const starts = Array.from({ length: peers }, () =>
    startSamplePeer(BTCD, signal, ANSWER_MS, (connection) => count.add(connection)),
  );
  await visitsFrom(answer, await Promise.all(starts), concurrency, `${peers} addresses`);
  return count.most;
}

function expectAnswers(what: string, visits: Visit[], peers: number): void {
  const count = visits.filter((visit) => visit?.versionMessage).length;
  if (count === peers) return;
  const error = visits.find((visit) => visit?.error)?.error;
  const why = error ? `; the first error was ${show(error.message)}` : "";
  throw new Mismatch(`${what}: expected ${peers} version messages, got ${count}${why}`);
}

export default defineExercise<Answer>({
  id: "getVersionMessagesConcurrently",
  notebook: "06-many-at-once",
  title: "Everybody, many at a time",
  points: 2,
  solution: getVersionMessagesConcurrently,
  source: "crawl/concurrently.ts",
  checksAtOnce: true,
  hints: [
    "You have written both halves already: something that does one address, whatever comes of it, and something that does many things with a bound. Put them together.",
    "`visit` never rejects: what went wrong is in its visit, as `error`. So `mapPool` never sees an error either, and nobody stops anybody. Which of its three arguments is which?",
    "It is one line. The items are the addresses, the bound is `concurrency`, and what is done with each is `visit`; what `mapPool` gives is what to return.",
  ],
  checks: [
    {
      name: "There is a visit for each address, in their order, with its version message or its error",
      limitMs,
      async run(answer, signal) {
        const starts = SAMPLE_PEERS.map((peer) => startSamplePeer(peer, signal, ANSWER_MS));
        const addresses = await Promise.all(starts);
        const visits = await visitsFrom(answer, addresses, 3, PEERS);
        const places = visits.map((visit) => (visit?.address ? addressString(visit.address) : show(visit)));
        expectEqual(`the addresses of the visits of ${PEERS}`, places, addresses.map(addressString));
        for (const [i, peer] of SAMPLE_PEERS.entries()) {
          const { versionMessage, error } = visits[i];
          if (typeof peer === "string") {
            const got = `got ${show(versionMessage ?? error)}`;
            expectThat(
              error instanceof Error,
              `visits[${i}], of a peer that sends no version message (${peer}): expected an error, ${got}`,
            );
          } else {
            const why = error ? `, got the error ${show(error.message)}` : "";
            expectThat(
              versionMessage !== undefined,
              `visits[${i}].versionMessage: expected the message of ${peer.from}${why}`,
            );
            expectVersionFields(`visits[${i}].versionMessage`, versionMessage, peer.message);
          }
        }
      },
    },
    {
      name: "Never more than `concurrency` sockets are open",
      limitMs,
      async run(answer, signal) {
        for (const concurrency of [1, 4]) {
          const most = await mostAtOnce(answer, 9, concurrency, signal);
          expectThat(
            most <= concurrency,
            `of 9 addresses, with a concurrency of ${concurrency}: expected at most ${concurrency} open, got ${most}`,
          );
        }
      },
    },
    {
      name: "`concurrency` sockets are open at once, if there are as many addresses",
      limitMs,
      async run(answer, signal) {
        const addresses = await startGatedPeers(3, 3, signal);
        const peers = "3 peers that answer when all 3 are called";
        const visits = await visitsFrom(answer, addresses, 3, peers);
        expectAnswers(`of ${peers}, 3 at a time`, visits, 3);
      },
    },
    {
      name: "A slow peer delays no other visit",
      limitMs,
      async run(answer, signal) {
        const addresses = await startGatedPeers(6, 1, signal);
        const peers = "6 peers, the first of which answers when all others have been called";
        const visits = await visitsFrom(answer, addresses, 2, peers);
        expectAnswers(`of ${peers}, 2 at a time`, visits, 6);
      },
    },
    {
      name: "No addresses give an empty list",
      limitMs,
      async run(answer) {
        expectEqual("the visits of no addresses", await visitsFrom(answer, [], 10, "no addresses"), []);
      },
    },
  ],
  wrongAnswers: [
    {
      name: "visits all of them at once",
      caughtBy: "Never more than `concurrency` sockets are open",
      answer: (addresses) => Promise.all(addresses.map(visit)),
    },
    {
      name: "visits one after the other",
      caughtBy: "`concurrency` sockets are open at once, if there are as many addresses",
      answer: (addresses) => mapPool(addresses, 1, visit),
    },
    {
      name: "works in batches, each of which waits for its slowest",
      caughtBy: "A slow peer delays no other visit",
      async answer(addresses, concurrency) {
        const visits: Visit[] = [];
        for (let from = 0; from < addresses.length; from += concurrency) {
          visits.push(...(await Promise.all(addresses.slice(from, from + concurrency).map(visit))));
        }
        return visits;
      },
    },
    {
      name: "gives the visits in the order in which they end",
      caughtBy: "There is a visit for each address, in their order, with its version message or its error",
      async answer(addresses, concurrency) {
        const visits: Visit[] = [];
        await mapPool(addresses, concurrency, async (address) => visits.push(await visit(address)));
        return visits;
      },
    },
    {
      name: "omits the failures",
      caughtBy: "There is a visit for each address, in their order, with its version message or its error",
      answer: async (addresses, concurrency) =>
        (await mapPool(addresses, concurrency, visit)).filter(({ versionMessage }) => versionMessage),
    },
    {
      name: "stops all visits at the first failure",
      caughtBy: "There is a visit for each address, in their order, with its version message or its error",
      answer: (addresses, concurrency) =>
        mapPool(addresses, concurrency, async (address) => {
          const result = await visit(address);
          if (result.error) throw result.error;
          return result;
        }),
    },
    {
      name: "opens one socket too many",
      caughtBy: "Never more than `concurrency` sockets are open",
      answer: (addresses, concurrency) => mapPool(addresses, concurrency + 1, visit),
    },
    {
      name: "gives version messages instead of visits",
      caughtBy: "There is a visit for each address, in their order, with its version message or its error",
      answer: async (addresses, concurrency) =>
        (await mapPool(addresses, concurrency, visit)).map(
          ({ versionMessage, error }) => (versionMessage ?? error) as unknown as Visit,
        ),
    },
  ],
});
