/**
 * What learners plausibly write instead of `getVersionMessagesThreaded` and
 * `getVersionMessagesMultiprocess`.
 */
import type { AddressTuple } from "../../peer/address";
import { visit } from "../../peer/handshake";
import { ProcessWorker } from "../../workers/processes";
import { type SupervisedWorker, visitIn } from "../../workers/supervised-worker";
import { ThreadWorker } from "../../workers/threads";
import type { Visit } from "../../peer/visit";
import { VISIT_SCRIPT } from "../../workers/script-paths";
import type { WrongAnswer } from "../../checks/exercise";
import type { WorkerAnswer } from "./worker-checks";

const WORKERS = {
  thread: { Right: ThreadWorker, Other: ProcessWorker, other: "process", many: "threads" },
  process: { Right: ProcessWorker, Other: ThreadWorker, other: "thread", many: "processes" },
} as const;

type Maker = new (file: string, name: string) => SupervisedWorker;

/** What a wrong answer does differently; the rest it does right. */
interface Ways {
  /** How many workers it starts. */
  count?: (workers: number, addresses: number) => number;
  end?: (worker: SupervisedWorker) => Promise<void>;
  /** What it calls them. Right: "thread 1", or "process 1". */
  name?: (place: number) => string;
  work?: (workers: SupervisedWorker[], addresses: AddressTuple[]) => Promise<Visit[]>;
}

async function visitsBy(
  Worker: Maker,
  addresses: AddressTuple[],
  asked: number,
  ways: Ways,
): Promise<Visit[]> {
  const { count = Math.min, end = (worker) => worker.end(), work = fromQueue, name = String } = ways;
  const workers = Array.from({ length: count(asked, addresses.length) }, (_, i) => {
    return new Worker(VISIT_SCRIPT, name(i + 1));
  });
  const visits = await work(workers, addresses);
  await Promise.all(workers.map(end));
  return visits;
}

/** Lets each worker take the next address when it is done, and calls `onVisit` with each visit. */
async function shareQueue(
  workers: SupervisedWorker[],
  addresses: AddressTuple[],
  onVisit: (place: number, visit: Visit) => void,
): Promise<void> {
  const queue = addresses.entries();
  await Promise.all(
    workers.map(async (worker) => {
      for (const [place, address] of queue) onVisit(place, await visitIn(worker, address));
    }),
  );
}

async function fromQueue(workers: SupervisedWorker[], addresses: AddressTuple[]): Promise<Visit[]> {
  const visits: Visit[] = [];
  await shareQueue(workers, addresses, (place, visited) => (visits[place] = visited));
  return visits;
}

/** Gives each worker its share of the list in advance. */
async function fromShares(
  workers: SupervisedWorker[],
  addresses: AddressTuple[],
  whenDone = async (_: SupervisedWorker) => {},
): Promise<Visit[]> {
  const visits: Visit[] = [];
  await Promise.all(
    workers.map(async (worker, first) => {
      for (let i = first; i < addresses.length; i += workers.length) {
        visits[i] = await visitIn(worker, addresses[i]);
      }
      await whenDone(worker);
    }),
  );
  return visits;
}

/** Waits for the slowest of the workers before it gives each of them the next address. */
async function inBatches(workers: SupervisedWorker[], addresses: AddressTuple[]): Promise<Visit[]> {
  const visits: Visit[] = [];
  for (let i = 0; i < addresses.length; i += workers.length) {
    const batch = addresses.slice(i, i + workers.length);
    visits.push(...(await Promise.all(batch.map((address, j) => visitIn(workers[j], address)))));
  }
  return visits;
}

/** Lets each worker go through the whole list. */
async function allByEach(workers: SupervisedWorker[], addresses: AddressTuple[]): Promise<Visit[]> {
  const visits: Visit[] = [];
  const callAll = async (worker: SupervisedWorker) => {
    for (const [place, address] of addresses.entries()) visits[place] = await visitIn(worker, address);
  };
  await Promise.all(workers.map(callAll));
  return visits;
}

/** Waits for each visit before it gives the next address to the next worker. */
async function inTurn(workers: SupervisedWorker[], addresses: AddressTuple[]): Promise<Visit[]> {
  const visits: Visit[] = [];
  for (const [i, address] of addresses.entries()) {
    visits.push(await visitIn(workers[i % workers.length], address));
  }
  return visits;
}

/** Collects the visits in the order in which they end. */
async function asTheyEnd(workers: SupervisedWorker[], addresses: AddressTuple[]): Promise<Visit[]> {
  const visits: Visit[] = [];
  await shareQueue(workers, addresses, (_, visited) => visits.push(visited));
  return visits;
}

/** Returns the wrong answers with threads, or with processes. */
export function wrongWorkerAnswers(kind: keyof typeof WORKERS): WrongAnswer<WorkerAnswer>[] {
  const { Right, Other, other, many } = WORKERS[kind];
  const name = (place: number) => `${kind} ${place}`;
  const answer =
    (ways: Ways, Worker: Maker = Right): WorkerAnswer =>
    (addresses, workers) =>
      visitsBy(Worker, addresses, workers, { name, ...ways });
  const inOrder = "There is a visit for each address, in their order, with the version messages";
  const asMany = `As many ${many} as asked for are started, and each visit names the one that made it`;
  const together = `The ${many} work at the same time, one visit each`;
  const shared = `A slow peer delays no other visit: a ${kind} that is done takes the next address, whichever it is`;
  const failures = "A failure is kept in its visit, an Error with its code";
  return [
    {
      name: "calls the peers itself",
      caughtBy: asMany,
      answer: (addresses) => Promise.all(addresses.map(visit)),
    },
    {
      name: "does not say which worker made a visit",
      caughtBy: asMany,
      answer: async (addresses, workers) => {
        const visits = await answer({})(addresses, workers);
        return visits.map(({ worker: _, ...rest }) => rest);
      },
    },
    {
      name: `calls each ${kind} a ${other}`,
      caughtBy: asMany,
      answer: answer({ name: (place) => `${other} ${place}` }),
      message: new RegExp(
        `with 8 addresses and 3 ${many}: .* the name of its ${kind} in .*, got "${other} \\d"`,
      ),
    },
    {
      name: `gives all of its ${many} the same name`,
      caughtBy: asMany,
      answer: answer({ name: () => kind }),
      message: new RegExp(`3 ${many} made visits: expected as many names`),
    },
    {
      name: "leaves the failures out",
      caughtBy: failures,
      answer: async (addresses, workers) => {
        const visits = await answer({})(addresses, workers);
        return visits.filter(({ versionMessage }) => versionMessage);
      },
    },
    {
      name: "gives the errors as their messages",
      caughtBy: failures,
      answer: async (addresses, workers) => {
        const visits = await answer({})(addresses, workers);
        return visits.map((visited) => ({ ...visited, error: visited.error?.message as never }));
      },
    },
    {
      name: "gives version messages instead of visits",
      caughtBy: inOrder,
      answer: async (addresses, workers) => {
        const visits = await answer({})(addresses, workers);
        return visits.map(({ versionMessage }) => versionMessage as never);
      },
    },
    {
      name: "gives each worker its share in advance",
      caughtBy: shared,
      answer: answer({ work: fromShares }),
    },
    {
      name: "gives each worker its share in advance, and ends it when that is done",
      caughtBy: shared,
      answer: answer({
        work: (workers, addresses) => fromShares(workers, addresses, (worker) => worker.end()),
        end: async () => {},
      }),
      message: new RegExp(`got a ${kind} without work when \\d of 8 addresses were taken`),
    },
    {
      name: "works in batches, each of which waits for its slowest",
      caughtBy: shared,
      answer: answer({ work: inBatches }),
    },
    {
      name: "lets each worker go through the whole list",
      caughtBy: asMany,
      answer: answer({ work: allByEach }),
      message: new RegExp(`expected 8 messages .*, got 24\\. Does each ${kind} go through the whole list`),
    },
    { name: "asks one worker after the other", caughtBy: together, answer: answer({ work: inTurn }) },
    {
      name: "gives the visits in the order in which they end",
      caughtBy: inOrder,
      answer: answer({ work: asTheyEnd }),
    },
    { name: `uses one ${kind} whatever is asked`, caughtBy: asMany, answer: answer({ count: () => 1 }) },
    {
      name: `starts a ${kind} for every address`,
      caughtBy: asMany,
      answer: answer({ count: (_, addresses) => addresses }),
    },
    {
      name: `starts ${many} for which there is no work`,
      caughtBy: `There are no more ${many} than addresses`,
      answer: answer({ count: (workers) => workers }),
    },
    {
      name: `never ends its ${many}`,
      caughtBy: `All ${many} have ended when the visits are returned`,
      answer: answer({ end: async () => {} }),
    },
    {
      name: kind === "thread" ? "uses processes" : "uses threads",
      caughtBy: asMany,
      answer: answer({}, Other),
    },
  ];
}
