/** The checks of lesson seven: an answer visits peers from threads or processes, which are watched. */
import { type AddressTuple, addressString } from "../../peer/address";
import { type StartedWorker, WorkerWatch } from "../../checks/fakes/worker-watch";
import { expectEqual, expectThat, show } from "../../checks/expect";
import type { Visit } from "../../peer/visit";
import { expectVersionFields, visitsOf } from "../shared/peer-checks";
import type { Check } from "../../checks/exercise";
import { ANOTHER_PEER, BTCD, OLD_PEER } from "../shared/recorded-replies";
import { startGatedPeers, startSamplePeer } from "../shared/sample-peers";

/** The function under test: `getVersionMessagesThreaded`, or the same with processes. */
export type WorkerAnswer = (addresses: AddressTuple[], workers: number) => Promise<Visit[]>;

type Kind = StartedWorker["kind"];
const KINDS = { thread: "threads", process: "processes" } as const;

/** How long one check may take, in milliseconds. Workers have to start, and a visit may take two seconds. */
const limitMs = 12_000;
/** How long workers may take to exit once they are ended, in milliseconds. */
const ENDING_MS = 1000;
/** How long the first of the sample peers takes to answer, in milliseconds: longer than the others. */
const FIRST_ANSWER_MS = 300;

/** What is at each of the addresses, in their order. */
const SAMPLE_PEERS = [OLD_PEER, "hangs up", BTCD, "refuses", ANOTHER_PEER, "Tor"] as const;

function startSamplePeers(signal: AbortSignal): Promise<AddressTuple[]> {
  const starts = SAMPLE_PEERS.map((peer, place) =>
    startSamplePeer(peer, signal, place === 0 ? FIRST_ANSWER_MS : 0),
  );
  return Promise.all(starts);
}

/**
 * Expects that a worker that is done takes the next address, whichever it is.
 *
 * Judges by the order of requests and answers, not by clocks: a worker may start late on a busy machine.
 * The first peer answers last. So a worker is idle while addresses are left, unless the answer has a queue.
 *
 * One case proves nothing: a worker starts so late that the first visit has timed out, and each takes half of
 * the addresses. Shares and a queue look the same then, and the answer is tried again.
 */
async function expectSharedQueue(answer: WorkerAnswer, kind: Kind, signal: AbortSignal): Promise<void> {
  let isDecided = false;
  while (!isDecided && !signal.aborted) {
    const watch = new WorkerWatch(signal);
    const addresses = await startGatedPeers(8, 1, signal);
    visitsOf(await answer(addresses, 2));
    expectStarted(watch, kind, 2);
    expectThat(
      watch.requests >= addresses.length,
      `expected a message to a ${kind} for each of 8 addresses, got ${watch.requests}`,
    );
    expectThat(
      watch.requestsWhileIdle >= addresses.length,
      `of 8 peers and 2 ${KINDS[kind]}, the first answers when all others have been called: ` +
        `expected each ${kind} to get the next address when it is done, ` +
        `got a ${kind} without work when ${watch.requestsWhileIdle} of 8 addresses were taken`,
    );
    isDecided = watch.started.some(({ requests }) => requests > addresses.length / 2);
    watch.end();
  }
}

function expectAddresses(visits: Visit[], addresses: AddressTuple[]): void {
  const got = visits.map((visit) =>
    Array.isArray(visit?.address) ? addressString(visit.address) : show(visit),
  );
  expectEqual("the addresses of the visits", got, addresses.map(addressString));
}

function expectMessages(visits: Visit[]): void {
  for (const [i, peer] of SAMPLE_PEERS.entries()) {
    if (typeof peer === "string") continue;
    const { versionMessage, error } = visits[i];
    const got = error ? `the error ${show(error.message)}` : show(versionMessage);
    expectThat(versionMessage !== undefined, `visits[${i}].versionMessage: expected a message, got ${got}`);
    expectVersionFields(`visits[${i}].versionMessage`, versionMessage, peer.message);
  }
}

function expectFailures(visits: Visit[]): void {
  const failures = { refuses: "REFUSED", "hangs up": "CLOSED", Tor: "UNREACHABLE" };
  for (const [i, peer] of SAMPLE_PEERS.entries()) {
    if (typeof peer !== "string") continue;
    const { error } = visits[i] ?? {};
    const expected = failures[peer];
    const at = `visits[${i}].error`;
    expectThat(
      error instanceof Error,
      `${at}: expected an Error with the code ${expected}, got ${show(error)}`,
    );
    expectEqual(`${at}.code`, error.code, expected);
  }
}

/** Expects that this many workers of this kind were started, and none of the other kind. */
export function expectStarted(watch: WorkerWatch, kind: Kind, expected: number): void {
  const others = watch.started.filter((worker) => worker.kind !== kind);
  const count = watch.started.length - others.length;
  expectThat(others.length === 0, `expected ${KINDS[kind]} alone, got ${show(others[0]?.kind)} as well`);
  expectThat(count === expected, `expected ${expected} ${KINDS[kind]} to be started, got ${count}`);
}

/** Waits until all workers have exited. Throws a Mismatch if one is still alive after ENDING_MS. */
export async function expectEnded(watch: WorkerWatch, kind: Kind): Promise<void> {
  expectThat(watch.started.length > 0, `expected ${KINDS[kind]} to be started, got none`);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, ENDING_MS)));
  await Promise.race([Promise.all(watch.started.map(({ gone }) => gone)), late]);
  clearTimeout(timer);
  const left = watch.alive.length;
  expectThat(
    left === 0,
    `expected all ${KINDS[kind]} to be ended, got ${left} still running: end each when it is done`,
  );
}

/** Returns the checks of an answer with threads, or with processes. */
export function workerChecks(kind: Kind): Check<WorkerAnswer>[] {
  const kinds = KINDS[kind];
  return [
    {
      name: "There is a visit for each address, in their order, with the version messages",
      limitMs,
      async run(answer, signal) {
        // Visits that end in the order of the list prove nothing: a worker has started late. So they are made again.
        for (let isDecided = false, tries = 0; !isDecided && tries < 3; tries++) {
          const addresses = await startSamplePeers(signal);
          const visits = visitsOf(await answer(addresses, 2));
          expectAddresses(visits, addresses);
          expectMessages(visits);
          isDecided = visits.some(({ endedAt }, i) => endedAt < visits[i - 1]?.endedAt);
        }
      },
    },
    {
      name: "A failure is kept in its visit, an Error with its code",
      limitMs,
      async run(answer, signal) {
        const addresses = await startSamplePeers(signal);
        expectFailures(visitsOf(await answer(addresses, 2)));
      },
    },
    {
      name: `As many ${kinds} as asked for are started, and each visit names the one that made it`,
      limitMs,
      async run(answer, signal) {
        const watch = new WorkerWatch(signal);
        const addresses = await startGatedPeers(7, 0, signal);
        const visits = visitsOf(await answer(addresses, 3));
        expectStarted(watch, kind, 3);
        const nameless = visits.find((one) => typeof one?.worker !== "string" || one.worker === "");
        expectThat(
          !nameless,
          `expected a name in \`worker\`, such as "${kind} 1", got ${show(nameless?.worker)}`,
        );
      },
    },
    {
      name: `The ${kinds} work at the same time, one visit each`,
      limitMs,
      async run(answer, signal) {
        // Counts what the workers were asked, not what peers see: a worker may start late on a busy machine.
        const watch = new WorkerWatch(signal);
        const addresses = await startGatedPeers(8, 0, signal);
        visitsOf(await answer(addresses, 3));
        const most = watch.mostBusy || watch.mostAlive; // a worker may also be given its work when it starts
        expectThat(
          most === 3,
          `with 8 peers and 3 ${kinds}: expected 3 ${kinds} at work at the same time, got ${most}`,
        );
        expectThat(
          watch.mostUnanswered <= 1,
          `with 8 peers and 3 ${kinds}: expected one address at a time per ${kind}, got ${watch.mostUnanswered}`,
        );
      },
    },
    {
      name: `A slow peer delays no other visit: a ${kind} that is done takes the next address, whichever it is`,
      limitMs,
      run: (answer, signal) => expectSharedQueue(answer, kind, signal),
    },
    {
      name: `All ${kinds} have ended when the visits are returned`,
      limitMs,
      async run(answer, signal) {
        const watch = new WorkerWatch(signal);
        visitsOf(await answer(await startSamplePeers(signal), 2));
        await expectEnded(watch, kind);
      },
    },
    {
      name: `There are no more ${kinds} than addresses`,
      limitMs,
      async run(answer, signal) {
        const watch = new WorkerWatch(signal);
        expectEqual("the visits of no addresses", visitsOf(await answer([], 2)), []);
        expectStarted(watch, kind, 0);
        const addresses = await startGatedPeers(1, 0, signal);
        expectAddresses(visitsOf(await answer(addresses, 4)), addresses);
        expectStarted(watch, kind, 1);
      },
    },
  ];
}
