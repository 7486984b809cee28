/** How the checks of lesson seven let an answer call peers from threads or processes, and see who does the work. */
import { type AddressTuple, addressString } from "../../peer/address";
import { type PeerConnection, startNobody, startPeer } from "../../checks/fakes/scripted-peer";
import { type StartedWorker, WorkerWatch } from "../../checks/fakes/worker-watch";
import { expectEqual, expectThat, Mismatch, show } from "../../checks/expect";
import type { Visit } from "../../peer/visit";
import { expectVersionFields } from "../shared/peer-checks";
import { type Check, stubIn } from "../../checks/exercise";
import { ANOTHER_PEER, BTCD, OLD_PEER, type RecordedAnswer } from "../shared/recorded-replies";

/** The function under test: `getVersionMessagesThreaded`, or its twin with processes. */
export type WorkerAnswer = (addresses: AddressTuple[], workers: number) => Promise<Visit[]>;

type Kind = StartedWorker["kind"];
const KINDS = { thread: "threads", process: "processes" } as const;

/** Workers have to be started, twice at the most, and a visit may take two seconds. */
const limitMs = 12_000;
/** How long workers may take to be gone once they are ended, in milliseconds. */
const ENDING_MS = 1000;
const PAUSE_MS = 30;

/** Who is at each of the addresses, in their order: the first takes its time. */
const NEIGHBORS: readonly (RecordedAnswer | "nobody" | "hangs up" | "Tor")[] = [
  OLD_PEER,
  "hangs up",
  BTCD,
  "nobody",
  ANOTHER_PEER,
  "Tor",
];

async function addressOf(neighbor: (typeof NEIGHBORS)[number], place: number, signal: AbortSignal) {
  if (neighbor === "nobody") return startNobody();
  if (neighbor === "Tor") return ["expyuzz4wqqyqhjn.onion", 8333] as AddressTuple;
  const plan =
    neighbor === "hangs up"
      ? { hangsUp: true }
      : { chunks: [neighbor.version], pauseMs: place === 0 ? 10 * PAUSE_MS : 0 };
  return (await startPeer(plan, signal)).address;
}

function startStreet(signal: AbortSignal): Promise<AddressTuple[]> {
  return Promise.all(NEIGHBORS.map((neighbor, place) => addressOf(neighbor, place, signal)));
}

/** Peers that answer in a moment, but for the first `waiting`: they answer once `until` of them all are called. */
async function startPeers(count: number, waiting: number, until: number, signal: AbortSignal) {
  const peers = { addresses: [] as AddressTuple[], most: 0 };
  const open = new Set<PeerConnection>();
  const called = new Set<number>();
  let enough = (): void => {};
  const waitsFor = new Promise<void>((resolve) => (enough = resolve));
  for (let place = 0; place < count; place++) {
    const plan = { chunks: [BTCD.version], pauseMs: PAUSE_MS, ...(place < waiting && { waitsFor }) };
    const { address } = await startPeer(plan, signal, (call) => {
      for (const one of open) if (one.hasAnswered) open.delete(one);
      peers.most = Math.max(peers.most, open.add(call).size);
      if (called.add(place).size >= until) enough();
    });
    peers.addresses.push(address);
  }
  return peers;
}

/** The visits of an answer, if they are a list of them. An untouched stub among the errors is thrown. */
async function visitsOf(answer: WorkerAnswer, addresses: AddressTuple[], workers: number): Promise<Visit[]> {
  const visits: unknown = await answer(addresses, workers);
  expectThat(Array.isArray(visits), `expected a list of visits, got ${show(visits)}`);
  const untouched = visits.find((one: Visit | undefined) => stubIn(one?.error)) as Visit | undefined;
  if (untouched) throw untouched.error as Error;
  return visits as Visit[];
}

/** Tries again what can fail on a computer that is busy with something else: a worker that starts a second late. */
async function twice(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    await run();
  }
}

function expectAddresses(visits: Visit[], addresses: AddressTuple[]): void {
  const got = visits.map((one) => (Array.isArray(one?.address) ? addressString(one.address) : show(one)));
  expectEqual("the addresses of the visits", got, addresses.map(addressString));
}

function expectMessages(visits: Visit[]): void {
  for (const [i, neighbor] of NEIGHBORS.entries()) {
    if (typeof neighbor === "string") continue;
    const { versionMessage, error } = visits[i];
    const got = error ? `the error ${show(error.message)}` : show(versionMessage);
    expectThat(versionMessage !== undefined, `visits[${i}].versionMessage: expected a message, got ${got}`);
    expectVersionFields(`visits[${i}].versionMessage`, versionMessage, neighbor.message);
  }
}

function expectFailures(visits: Visit[]): void {
  const failures = { nobody: "REFUSED", "hangs up": "CLOSED", Tor: "UNREACHABLE" };
  for (const [i, neighbor] of NEIGHBORS.entries()) {
    if (typeof neighbor !== "string") continue;
    const { error } = visits[i] ?? {};
    const expected = failures[neighbor];
    const at = `visits[${i}].error`;
    expectThat(
      error instanceof Error,
      `${at}: expected an Error with the code ${expected}, got ${show(error)}`,
    );
    expectEqual(`${at}.code`, error.code, expected);
  }
}

/** As many workers of this kind as there should be, and no other; however many there are, who is still alive in a moment. */
export function expectStarted(watch: WorkerWatch, kind: Kind, expected: number): void {
  const others = watch.started.filter((worker) => worker.kind !== kind);
  const count = watch.started.length - others.length;
  expectThat(others.length === 0, `expected ${KINDS[kind]} alone, got ${show(others[0]?.kind)} as well`);
  expectThat(count === expected, `expected ${expected} ${KINDS[kind]} to be started, got ${count}`);
}

/** All workers that were started are gone, or are in a moment. */
export async function expectEnded(watch: WorkerWatch, kind: Kind): Promise<void> {
  expectThat(watch.started.length > 0, `expected ${KINDS[kind]} to be started, got none`);
  let timer: NodeJS.Timeout | undefined;
  const moment = new Promise((resolve) => (timer = setTimeout(resolve, ENDING_MS)));
  await Promise.race([Promise.all(watch.started.map(({ gone }) => gone)), moment]);
  clearTimeout(timer);
  const left = watch.alive.length;
  expectThat(
    left === 0,
    `expected all ${KINDS[kind]} to be ended, got ${left} still running: end each when it is done`,
  );
}

/** The checks of an answer with threads, or with processes. */
export function workerChecks(kind: Kind): Check<WorkerAnswer>[] {
  const kinds = KINDS[kind];
  return [
    {
      name: "There is a visit for each address, in their order, with the version messages",
      limitMs,
      async run(answer, signal) {
        const addresses = await startStreet(signal);
        const visits = await visitsOf(answer, addresses, 2);
        expectAddresses(visits, addresses);
        expectMessages(visits);
      },
    },
    {
      name: "A failure is kept in its visit, an Error with its code",
      limitMs,
      run: async (answer, signal) => expectFailures(await visitsOf(answer, await startStreet(signal), 2)),
    },
    {
      name: `As many ${kinds} as asked for are started, and each visit names the one that made it`,
      limitMs,
      async run(answer, signal) {
        const watch = new WorkerWatch(signal);
        const { addresses } = await startPeers(7, 0, 0, signal);
        const visits = await visitsOf(answer, addresses, 3);
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
      run: (answer, signal) =>
        twice(async () => {
          const peers = await startPeers(8, 3, 3, signal);
          const visits = await visitsOf(answer, peers.addresses, 3);
          const missing = visits.slice(0, 3).find((one) => !one?.versionMessage);
          const what = `of 8 peers and 3 ${kinds}, the first 3 answer when all 3 have been called`;
          expectThat(!missing, `${what}: expected their answers, got ${show(missing?.error?.message)}`);
          expectThat(
            peers.most === 3,
            `with 3 ${kinds}: expected 3 calls at the same time, got ${peers.most}`,
          );
        }),
    },
    {
      name: `A slow peer holds up nobody: a ${kind} that is done takes the next address, whichever it is`,
      limitMs,
      run: (answer, signal) =>
        twice(async () => {
          const { addresses } = await startPeers(8, 1, 8, signal);
          const [slow] = await visitsOf(answer, addresses, 2);
          const what = `of 8 peers and 2 ${kinds}, the first answers when all others have been called`;
          expectThat(
            slow?.versionMessage !== undefined,
            `${what}: expected its answer, got ${show(slow?.error?.message)}`,
          );
        }),
    },
    {
      name: `All ${kinds} have ended when the visits are here`,
      limitMs,
      async run(answer, signal) {
        const watch = new WorkerWatch(signal);
        await visitsOf(answer, await startStreet(signal), 2);
        await expectEnded(watch, kind);
      },
    },
    {
      name: `There are no more ${kinds} than addresses`,
      limitMs,
      async run(answer, signal) {
        const watch = new WorkerWatch(signal);
        expectEqual("the visits of no addresses", await visitsOf(answer, [], 2), []);
        expectStarted(watch, kind, 0);
        const { addresses } = await startPeers(1, 0, 0, signal);
        expectAddresses(await visitsOf(answer, addresses, 4), addresses);
        expectStarted(watch, kind, 1);
      },
    },
  ];
}
