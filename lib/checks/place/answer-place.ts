/**
 * The place where an answer runs, as far as checks have to touch it.
 *
 * In the notebook and in tests that is this process. The grader's judge gives its checks another one: that of the
 * learner's process, which it reaches through a pipe.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { AnyFunction } from "../exercise";
import { type ApiInUse, useApi } from "./api-in-use";
import { type HangingConnect, startHangingConnect } from "./hanging-connect";
import { type WatchedLookups, watchLookups } from "./watched-lookups";
import { WorkerWatch } from "./worker-watch";
import { watchTimers } from "../../util/late-timers";

export interface AnswerPlace {
  /** Resolves when the answer's event loop has turned so often. */
  turns(count: number): Promise<void>;
  /** Returns how many bytes its `ArrayBuffer`s have. */
  arrayBufferBytes(): number;
  /**
   * Calls an answer, `unwatched`, with each of these arguments, and returns the results as they are after the last
   * call. What a call returns by itself is a copy that later calls do not change.
   */
  resultsAfterAll(answer: AnyFunction, calls: unknown[][]): unknown[];
  /** Returns the kinds of what is open there, each as often as it is open: sockets, timers, processes. */
  openResources(): string[];
  /** Watches its event loop. Returns what ends that, and returns how late timers were, in milliseconds. */
  watchTimers(): () => number;
  startHangingConnect(signal: AbortSignal): HangingConnect;
  useApi(origin: string, path: string): ApiInUse;
  watchLookups(signal: AbortSignal): WatchedLookups;
  readonly WorkerWatch: typeof WorkerWatch;
}

/** This process. */
export const HERE: AnswerPlace = {
  async turns(count) {
    for (let i = 0; i < count; i++) await turn();
  },
  arrayBufferBytes: () => process.memoryUsage().arrayBuffers,
  resultsAfterAll: (answer, calls) => calls.map((args) => answer(...args) as unknown),
  openResources: () => process.getActiveResourcesInfo(),
  watchTimers,
  startHangingConnect,
  useApi,
  watchLookups,
  WorkerWatch,
};

let place = HERE;

/** Returns where the answers run that are checked now. */
export function answerPlace(): AnswerPlace {
  return place;
}

/** Says where answers run from now on. */
export function setAnswerPlace(elsewhere: AnswerPlace): void {
  place = elsewhere;
}
