/** The checks of lesson seven: an answer visits peers from threads or processes, which are watched. */
import { isDeepStrictEqual } from "node:util";
import { type AddressTuple, addressString } from "../../peer/address";
import { answerPlace } from "../../checks/place/answer-place";
import type { StartedWorker, WorkerWatch } from "../../checks/place/worker-watch";
import { triedWith } from "../../checks/calls";
import { expectEqual, expectThat, show } from "../../checks/expect";
import type { Visit } from "../../peer/visit";
import { expectVersionFields, visitsOf } from "../shared/peer-checks";
import type { Check } from "../../checks/exercise";
import type { SharedCalls } from "../../checks/shared-calls";
import { ANOTHER_PEER, BTCD, OLD_PEER } from "../shared/recorded-replies";
import { peersText, peerText, startGatedPeers, startSamplePeer } from "../shared/sample-peers";

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

const PEERS = peersText(SAMPLE_PEERS);

/** Watches what an answer starts until `signal` is aborted. */
export function watchWorkers(signal: AbortSignal): WorkerWatch {
  return new (answerPlace().WorkerWatch)(signal);
}

/** Returns what an answer gives for these addresses, at which there are `peers`. */
function visitsBy(
  answer: WorkerAnswer,
  addresses: AddressTuple[],
  workers: number,
  input: string,
): Promise<Visit[]> {
  return triedWith(input, async () => visitsOf(input, await answer(addresses, workers)));
}

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
    const watch = watchWorkers(signal);
    const addresses = await startGatedPeers(8, 1, signal);
    const input = `8 addresses and 2 ${KINDS[kind]}`;
    await visitsBy(answer, addresses, 2, input);
    expectStarted(watch, kind, 2, input);
    expectThat(
      watch.requests >= addresses.length,
      `with ${input}: expected a message to a ${kind} for each address, got ${watch.requests} messages`,
    );
    expectThat(
      watch.requestsWhileIdle >= addresses.length,
      `with ${input}, and a peer at the first address that answers when all others have been called: ` +
        `expected each ${kind} to get the next address when it is done, ` +
        `got a ${kind} without work when ${watch.requestsWhileIdle} of 8 addresses were taken`,
    );
    isDecided = watch.started.some(({ requests }) => requests > addresses.length / 2);
    watch.end();
  }
}

/** What an answer made of the sample peers with two workers. */
interface SampleRun {
  addresses: AddressTuple[];
  visits: Visit[];
  /** How many workers were started, and how many still ran a while after the visits were returned. */
  started: number;
  left: number;
}

/**
 * Lets an answer visit the sample peers with two workers.
 *
 * The first peer answers later than others. Visits that end in the order of the list prove nothing of how they are
 * put in order: a worker has started late. So they are made again.
 */
async function visitSamplePeers(
  answer: WorkerAnswer,
  input: string,
  signal: AbortSignal,
): Promise<SampleRun> {
  for (let tries = 1; ; tries++) {
    const watch = watchWorkers(signal);
    const addresses = await startSamplePeers(signal);
    const visits = await visitsBy(answer, addresses, 2, input);
    const left = await leftOf(watch);
    const inOrder = isDeepStrictEqual(addressTexts(visits), addresses.map(addressString));
    const overtakes = visits.some((visit, i) => visit?.endedAt < visits[i - 1]?.endedAt);
    if (!inOrder || overtakes || tries === 3)
      return { addresses, visits, started: watch.started.length, left };
    watch.end();
  }
}

/** Returns the addresses of visits as text; of what is none, what it is. */
function addressTexts(visits: Visit[]): string[] {
  return visits.map((visit) => (Array.isArray(visit?.address) ? addressString(visit.address) : show(visit)));
}

function expectAddresses(input: string, visits: Visit[], addresses: AddressTuple[]): void {
  const expected = addresses.map(addressString);
  expectEqual(`with ${input}: the addresses of the visits`, addressTexts(visits), expected);
}

function expectMessages(input: string, visits: Visit[]): void {
  for (const [i, peer] of SAMPLE_PEERS.entries()) {
    if (typeof peer === "string") continue;
    const { versionMessage, error } = visits[i];
    const got = error ? `the error ${show(error.message)}` : show(versionMessage);
    const at = `with ${input}: visits[${i}].versionMessage, of ${peer.from}`;
    expectThat(versionMessage !== undefined, `${at}: expected a message, got ${got}`);
    expectVersionFields(`visits[${i}].versionMessage`, versionMessage, peer.message);
  }
}

function expectFailures(input: string, visits: Visit[]): void {
  const failures = { refuses: "REFUSED", "hangs up": "CLOSED", Tor: "UNREACHABLE" };
  for (const [i, peer] of SAMPLE_PEERS.entries()) {
    if (typeof peer !== "string") continue;
    const { error } = visits[i] ?? {};
    const expected = failures[peer];
    const at = `with ${input}: visits[${i}].error (the visit to ${peerText(peer)})`;
    expectThat(
      error instanceof Error,
      `${at}: expected an Error with the code ${expected}, got ${show(error)}`,
    );
    expectEqual(`${at}.code`, error.code, expected);
  }
}

/** Expects that this many workers of this kind were started, and none of the other kind. `input` says for what. */
export function expectStarted(watch: WorkerWatch, kind: Kind, expected: number, input: string): void {
  const others = watch.started.filter((worker) => worker.kind !== kind);
  const count = watch.started.length - others.length;
  const many = expected === 1 ? `1 ${kind}` : `${expected} ${KINDS[kind]}`;
  expectThat(others.length === 0, `with ${input}: expected ${KINDS[kind]} alone, got a ${others[0]?.kind}`);
  expectThat(count === expected, `with ${input}: expected ${many} to be started, got ${count}`);
}

/** Expects that the visits name their workers: with the kind's word, and each worker with a name of its own. */
function expectNames(watch: WorkerWatch, kind: Kind, visits: Visit[], input: string): void {
  const names = visits.map((visit) => visit?.worker as unknown);
  const bad = names.findIndex((name) => typeof name !== "string" || !name.toLowerCase().includes(kind));
  expectThat(
    bad === -1,
    `with ${input}: expected the name of its ${kind} in visits[${bad}].worker, such as "${kind} 1", got ${show(names[bad])}`,
  );
  const asked = watch.started.filter(({ requests }) => requests > 0).length;
  const different = new Set(names).size;
  expectThat(
    asked === 0 || different === asked,
    `with ${input}: ${asked} ${KINDS[kind]} made visits: expected as many names in \`worker\`, got ${different}: ${show([...new Set(names)])}`,
  );
}

/** Waits until all workers have exited, for ENDING_MS at most. Returns how many are still alive. */
async function leftOf(watch: WorkerWatch): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, ENDING_MS)));
  await Promise.race([Promise.all(watch.started.map(({ gone }) => gone)), late]);
  clearTimeout(timer);
  return watch.alive.length;
}

/** Waits until all workers have exited. Throws a Mismatch if one is still alive after ENDING_MS. */
export async function expectEnded(watch: WorkerWatch, kind: Kind, input: string): Promise<void> {
  expectNoneLeft({ started: watch.started.length, left: await leftOf(watch) }, kind, input);
}

function expectNoneLeft(
  { started, left }: Pick<SampleRun, "started" | "left">,
  kind: Kind,
  input: string,
): void {
  expectThat(started > 0, `with ${input}: expected ${KINDS[kind]} to be started, got none`);
  expectThat(
    left === 0,
    `with ${input}: expected all ${KINDS[kind]} to be ended, got ${left} still running: end each when it is done`,
  );
}

/** Returns the checks of an answer with threads, or with processes. Workers take long to start: checks share visits. */
export function workerChecks(kind: Kind): Check<WorkerAnswer>[] {
  const kinds = KINDS[kind];
  const sample = `${PEERS} and 2 ${kinds}`;
  const visitSample = (answer: WorkerAnswer, signal: AbortSignal, shared: SharedCalls) =>
    shared.once(sample, () => visitSamplePeers(answer, sample, signal));
  const eight = `8 addresses and 3 ${kinds}`;
  const visitEight = (answer: WorkerAnswer, signal: AbortSignal, shared: SharedCalls) =>
    shared.once(eight, async () => {
      const watch = watchWorkers(signal);
      const visits = await visitsBy(answer, await startGatedPeers(8, 0, signal), 3, eight);
      return { watch, visits };
    });
  return [
    {
      name: "There is a visit for each address, in their order, with the version messages",
      limitMs,
      async run(...given) {
        const { addresses, visits } = await visitSample(...given);
        expectAddresses(sample, visits, addresses);
        expectMessages(sample, visits);
      },
    },
    {
      name: "A failure is kept in its visit, an Error with its code",
      limitMs,
      async run(...given) {
        expectFailures(sample, (await visitSample(...given)).visits);
      },
    },
    {
      name: `As many ${kinds} as asked for are started, and each visit names the one that made it`,
      limitMs,
      async run(...given) {
        const { watch, visits } = await visitEight(...given);
        expectStarted(watch, kind, 3, eight);
        expectThat(
          watch.requests <= 8,
          `with ${eight}: expected 8 messages that ask for a visit, got ${watch.requests}. Does each ${kind} go through the whole list?`,
        );
        expectNames(watch, kind, visits, eight);
      },
    },
    {
      name: `The ${kinds} work at the same time, one visit each`,
      limitMs,
      async run(...given) {
        // Counts what the workers were asked, not what peers see: a worker may start late on a busy machine.
        const { watch } = await visitEight(...given);
        const most = watch.mostBusy || watch.mostAlive; // a worker may also be given its work when it starts
        expectThat(most === 3, `with ${eight}: expected 3 ${kinds} at work at the same time, got ${most}`);
        expectThat(
          watch.mostUnanswered <= 1,
          `with ${eight}: expected one address at a time per ${kind}, got ${watch.mostUnanswered}`,
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
      async run(...given) {
        expectNoneLeft(await visitSample(...given), kind, sample);
      },
    },
    {
      name: `There are no more ${kinds} than addresses`,
      limitMs,
      async run(answer, signal) {
        const watch = watchWorkers(signal);
        const none = `no addresses and 2 ${kinds}`;
        expectEqual(`with ${none}: the visits`, await visitsBy(answer, [], 2, none), []);
        expectStarted(watch, kind, 0, none);
        const addresses = await startGatedPeers(1, 0, signal);
        const one = `1 address and 4 ${kinds}`;
        expectAddresses(one, await visitsBy(answer, addresses, 4, one), addresses);
        expectStarted(watch, kind, 1, one);
      },
    },
  ];
}
