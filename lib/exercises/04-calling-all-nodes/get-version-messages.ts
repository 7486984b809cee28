/** 04-calling-all-nodes: all addresses, one after the other, with every message and every error. */
import type { AddressTuple } from "../../peer/address";
import { getVersionMessages } from "../../crawl/one-by-one";
import { triedWith } from "../../checks/calls";
import { expectEqual, expectThat, show } from "../../checks/expect";
import { getVersionMessage } from "../../peer/handshake";
import type { Progress } from "../../crawl/progress-line";
import type { VersionMessage } from "../../wire/version-message";
import { expectVersionFields } from "../shared/peer-checks";
import { defineExercise, stubIn } from "../../checks/exercise";
import { ANOTHER_PEER, BTCD, OLD_PEER } from "../shared/recorded-replies";
import { ConnectionCount, peersText, type SamplePeer, startSamplePeer } from "../shared/sample-peers";

type Answer = typeof getVersionMessages;
type Result = Awaited<ReturnType<Answer>>;

/** How long a peer takes to answer, in milliseconds: long enough for a wrong answer to call the next one. */
const ANSWER_MS = 20;

/** What is at each of the addresses, in their order. */
const SAMPLE_PEERS: readonly SamplePeer[] = [BTCD, "hangs up", ANOTHER_PEER, "refuses", OLD_PEER];
const PEERS = peersText(SAMPLE_PEERS);
const ANSWERS = SAMPLE_PEERS.filter((peer) => typeof peer !== "string");
const FAILURES = SAMPLE_PEERS.length - ANSWERS.length;

/** A connection as it comes in. */
interface Incoming {
  /** The peer's place in the list. */
  place: number;
  /** How many connections are open with it. */
  atOnce: number;
}

/** Starts the sample peers, and lists the connections to them. */
async function startSamplePeers(signal: AbortSignal, onCall: (place: number) => void = () => {}) {
  const incoming: Incoming[] = [];
  const count = new ConnectionCount();
  const starts = SAMPLE_PEERS.map((peer, place) =>
    startSamplePeer(peer, signal, ANSWER_MS, (connection) => {
      incoming.push({ place, atOnce: count.add(connection) });
      onCall(place);
    }),
  );
  return { addresses: await Promise.all(starts), incoming };
}

/**
 * Returns the result of an answer.
 *
 * @throws Mismatch if it has another shape, and the error of an untouched getVersionMessage among the errors.
 */
async function resultOf(answer: Answer, addresses: AddressTuple[], log?: (progress: Progress) => void) {
  const input = `${addresses.length === 0 ? "no addresses" : PEERS}, ${log ? "with" : "without"} log`;
  const result: unknown = await triedWith(input, () => (log ? answer(addresses, log) : answer(addresses)));
  const { versionMessages, errors } = (result ?? {}) as Partial<Result>;
  expectThat(
    Array.isArray(versionMessages) && Array.isArray(errors),
    `with ${input}: expected { versionMessages: […], errors: […] }, got ${show(result)}`,
  );
  const untouched = errors.find((error) => stubIn(error));
  if (untouched) throw untouched;
  return { versionMessages, errors };
}

function expectMessages({ versionMessages, errors }: Result): void {
  const first = errors.length > FAILURES ? `; the first error was ${show(errors[0]?.message)}` : "";
  expectThat(
    versionMessages.length === ANSWERS.length,
    `of ${PEERS} ${ANSWERS.length} send a version message: expected ${ANSWERS.length}, got ${versionMessages.length}${first}`,
  );
  ANSWERS.forEach(({ message }, i) =>
    expectVersionFields(`versionMessages[${i}]`, versionMessages[i], message),
  );
}

function expectErrors({ errors }: Result): void {
  expectThat(
    errors.length === FAILURES,
    `of ${PEERS} ${FAILURES} fail: expected ${FAILURES} errors, got ${errors.length}`,
  );
  for (const [i, error] of errors.entries()) {
    expectThat(
      error instanceof Error,
      `errors[${i}]: expected the Error that getVersionMessage threw, got ${show(error)}`,
    );
  }
  const [first, second] = errors.map(({ message }) => message);
  expectThat(
    first !== second,
    `of ${PEERS}: expected two different errors, those that getVersionMessage threw, got ${show(first)} twice`,
  );
}

/** What `log` must be called with after the call at each place, except for the time. */
const EXPECTED_LOG = SAMPLE_PEERS.map((_, place) => {
  const done = SAMPLE_PEERS.slice(0, place + 1);
  const received = done.filter((peer) => typeof peer !== "string").length;
  return { received, failed: done.length - received, total: SAMPLE_PEERS.length };
});

function expectLog(calls: Progress[]): void {
  expectThat(
    calls.length === SAMPLE_PEERS.length,
    `expected log to be called once for each of ${SAMPLE_PEERS.length} addresses, got ${calls.length} calls`,
  );
  for (const [place, expected] of EXPECTED_LOG.entries()) {
    const { received, failed, total } = calls[place];
    expectEqual(`what log was called with after address ${place + 1}`, { received, failed, total }, expected);
  }
}

function expectTimes(calls: Progress[], totalMs: number): void {
  const times = calls.map(({ elapsedMs }) => elapsedMs);
  const isRising = times.every((time, i) => typeof time === "number" && time >= (times[i - 1] ?? 0));
  expectThat(isRising, `elapsedMs: expected milliseconds since the beginning, rising, got ${show(times)}`);
  const last = times[times.length - 1];
  const least = Math.min(ANSWERS.length * ANSWER_MS, totalMs) / 2;
  expectThat(
    last >= least && last <= totalMs + 50,
    `elapsedMs: expected about ${Math.round(totalMs)} milliseconds after the last address, got ${last}`,
  );
}

/**
 * How long one check may take, in milliseconds.
 * A getVersionMessage that times out at every address takes less, so that the message is about its errors.
 */
const limitMs = 8000;

export default defineExercise<Answer>({
  id: "getVersionMessages",
  notebook: "04-calling-all-nodes",
  title: "One after the other",
  points: 3,
  solution: getVersionMessages,
  source: "crawl/one-by-one.ts",
  checksAtOnce: true,
  hints: [
    "Begin with two empty lists and a loop over the addresses. An `await` inside a `for … of` loop waits before it goes on to the next.",
    "A call that fails throws, and a thrown error ends the loop unless it is caught *inside* the loop: `try` the call and push its message, `catch` the error and push that. After either, call `log` if there is one: `log?.({ … })`.",
    "The inside of the loop:\n\n```ts\ntry {\n  versionMessages.push(await getVersionMessage(address));\n} catch (error) {\n  errors.push(error as Error);\n}\nlog?.({ received: versionMessages.length, … });\n```\n\nFor `elapsedMs`, remember `const startedAt = performance.now();` before the loop, and subtract it from `performance.now()` in it.",
  ],
  checks: [
    {
      name: "Every version message comes back, in the order of the addresses",
      limitMs,
      async run(answer, signal) {
        const { addresses } = await startSamplePeers(signal);
        const before = [...addresses];
        expectMessages(await resultOf(answer, addresses));
        expectEqual("the addresses that were passed in, afterwards", addresses, before);
      },
    },
    {
      name: "An error is kept, and the next address is tried",
      limitMs,
      async run(answer, signal) {
        const { addresses } = await startSamplePeers(signal);
        expectErrors(await resultOf(answer, addresses));
      },
    },
    {
      name: "The peers are called one after the other, never two at once",
      limitMs,
      async run(answer, signal) {
        const { addresses, incoming } = await startSamplePeers(signal);
        await resultOf(answer, addresses);
        const most = Math.max(0, ...incoming.map(({ atOnce }) => atOnce));
        expectThat(most <= 1, `of ${PEERS}: expected one connection at a time, got ${most} at once`);
        const places = SAMPLE_PEERS.flatMap((peer, place) => (peer === "refuses" ? [] : [place]));
        expectEqual(
          "the places of the peers in the list, as they were called",
          incoming.map(({ place }) => place),
          places,
        );
      },
    },
    {
      name: "log is called after each address, with the numbers of received, failed and all",
      limitMs,
      async run(answer, signal) {
        const calls: Progress[] = [];
        let late: string | undefined;
        const { addresses } = await startSamplePeers(signal, (place) => {
          if (calls.length < place)
            late ??= `address ${place + 1} was called when log had been called ${calls.length} times`;
        });
        await resultOf(answer, addresses, (progress) => calls.push({ ...progress }));
        expectLog(calls);
        expectThat(!late, `expected log to be called before the next address is called, but ${late}`);
      },
    },
    {
      name: "elapsedMs is the milliseconds since the beginning",
      limitMs,
      async run(answer, signal) {
        const calls: Progress[] = [];
        const { addresses } = await startSamplePeers(signal);
        const startedAt = performance.now();
        await resultOf(answer, addresses, (progress) => calls.push({ ...progress }));
        expectThat(calls.length > 0, "expected log to be called, got no call");
        expectTimes(calls, performance.now() - startedAt);
      },
    },
    {
      name: "No addresses give two empty lists",
      limitMs,
      async run(answer) {
        const calls: Progress[] = [];
        const result = await resultOf(answer, [], (progress) => calls.push(progress));
        expectEqual("the result for no addresses", result, { versionMessages: [], errors: [] });
        expectEqual("the calls of log for no addresses", calls, []);
      },
    },
  ],
  wrongAnswers: [
    {
      name: "calls all of them at once",
      caughtBy: "The peers are called one after the other, never two at once",
      async answer(addresses, log) {
        const list = new Collection(addresses.length, log);
        await Promise.all(addresses.map((address) => list.call(address)));
        return list.result();
      },
    },
    {
      name: "takes the addresses out of the caller's list",
      caughtBy: "Every version message comes back, in the order of the addresses",
      async answer(addresses, log) {
        const list = new Collection(addresses.length, log);
        for (let address = addresses.shift(); address; address = addresses.shift()) await list.call(address);
        return list.result();
      },
      message: /the addresses that were passed in, afterwards: expected 5 entries, got 0/,
    },
    {
      name: "keeps errors of its own making",
      caughtBy: "An error is kept, and the next address is tried",
      async answer(addresses, log) {
        const { versionMessages, errors } = await getVersionMessages(addresses, log);
        return { versionMessages, errors: errors.map(() => new Error("failed") as never) };
      },
      message: /expected two different errors, those that getVersionMessage threw, got "failed" twice/,
    },
    {
      name: "begins with the last",
      caughtBy: "The peers are called one after the other, never two at once",
      async answer(addresses, log) {
        const { versionMessages, errors } = await getVersionMessages([...addresses].reverse(), log);
        return { versionMessages: versionMessages.reverse(), errors: errors.reverse() };
      },
    },
    {
      name: "stops at the first error",
      caughtBy: "An error is kept, and the next address is tried",
      async answer(addresses, log) {
        const list = new Collection(addresses.length, log);
        for (const address of addresses) {
          await list.call(address);
          if (list.errors.length > 0) break;
        }
        return list.result();
      },
    },
    {
      name: "has the try around the loop",
      caughtBy: "Every version message comes back, in the order of the addresses",
      async answer(addresses) {
        const result: Result = { versionMessages: [], errors: [] };
        try {
          for (const address of addresses) result.versionMessages.push(await getVersionMessage(address));
        } catch (error) {
          result.errors.push(error as Error);
        }
        return result;
      },
    },
    {
      name: "does not catch errors",
      caughtBy: "An error is kept, and the next address is tried",
      async answer(addresses) {
        const versionMessages: VersionMessage[] = [];
        for (const address of addresses) versionMessages.push(await getVersionMessage(address));
        return { versionMessages, errors: [] };
      },
      message:
        /threw PeerError: .*\ntried with 5 addresses \(btcd 0\.26\.2, one that hangs up, .*\), without log/,
    },
    {
      name: "keeps the text of an error instead of the error",
      caughtBy: "An error is kept, and the next address is tried",
      async answer(addresses, log) {
        const { versionMessages, errors } = await getVersionMessages(addresses, log);
        return { versionMessages, errors: errors.map(({ message }) => message as unknown as Error) };
      },
    },
    {
      name: "drops the errors",
      caughtBy: "An error is kept, and the next address is tried",
      answer: async (addresses, log) => ({ ...(await getVersionMessages(addresses, log)), errors: [] }),
    },
    {
      name: "requires a log",
      caughtBy: "Every version message comes back, in the order of the addresses",
      answer: (addresses, log) => getVersionMessages(addresses, (progress) => log!(progress)),
    },
    {
      name: "calls log only at the end",
      caughtBy: "log is called after each address, with the numbers of received, failed and all",
      async answer(addresses, log) {
        let last: Progress | undefined;
        const result = await getVersionMessages(addresses, (progress) => (last = progress));
        if (last) log?.(last);
        return result;
      },
    },
    {
      name: "calls log for all addresses when the last is done",
      caughtBy: "log is called after each address, with the numbers of received, failed and all",
      async answer(addresses, log) {
        const calls: Progress[] = [];
        const result = await getVersionMessages(addresses, (progress) => calls.push(progress));
        calls.forEach((progress) => log?.(progress));
        return result;
      },
    },
    {
      name: "calls log only for the successes",
      caughtBy: "log is called after each address, with the numbers of received, failed and all",
      answer(addresses, log) {
        let before = 0;
        return getVersionMessages(addresses, (progress) => {
          if (progress.received > before) log?.(progress);
          before = progress.received;
        });
      },
    },
    {
      name: "measures seconds",
      caughtBy: "elapsedMs is the milliseconds since the beginning",
      answer: (addresses, log) =>
        getVersionMessages(addresses, (progress) =>
          log?.({ ...progress, elapsedMs: progress.elapsedMs / 1000 }),
        ),
    },
    {
      name: "passes the time of day",
      caughtBy: "elapsedMs is the milliseconds since the beginning",
      answer: (addresses, log) =>
        getVersionMessages(addresses, (progress) => log?.({ ...progress, elapsedMs: Date.now() })),
    },
  ],
});

/** Collects results as they come in, for wrong answers that call in another order. */
class Collection {
  readonly versionMessages: VersionMessage[] = [];
  readonly errors: Error[] = [];
  private readonly startedAt = performance.now();

  constructor(
    private readonly total: number,
    private readonly log: (progress: Progress) => void = () => {},
  ) {}

  async call(address: AddressTuple): Promise<void> {
    await getVersionMessage(address).then(
      (message) => this.versionMessages.push(message),
      (error: Error) => this.errors.push(error),
    );
    const { versionMessages, errors, total } = this;
    const elapsedMs = performance.now() - this.startedAt;
    this.log({ received: versionMessages.length, failed: errors.length, total, elapsedMs });
  }

  result(): Result {
    return { versionMessages: this.versionMessages, errors: this.errors };
  }
}
