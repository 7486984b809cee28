/**
 * Errors that no cell has caught: thrown in a callback, as an `error` event without a listener, in a promise that is
 * not awaited.
 *
 * They are printed under the cell, unless the work that they come from is one that collects them, as a check does. The
 * asynchronous context (`AsyncLocalStorage`) tells which work that is.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as turn } from "node:timers/promises";
import type { Collected, UncaughtError } from "./kernel";

export class UncaughtErrors {
  private readonly scope = new AsyncLocalStorage<UncaughtError[]>();

  /** Calls `report` with each error that is not collected, as long as this process lives. */
  constructor(report: (error: unknown) => void) {
    const listenTo = (event: "uncaughtException" | "unhandledRejection", origin: UncaughtError["origin"]) =>
      process.on(event, (error: unknown) => {
        const list = this.scope.getStore();
        if (list) list.push({ error, origin });
        else report(error);
      });
    listenTo("uncaughtException", "callback");
    listenTo("unhandledRejection", "promise");
  }

  /** Runs `work`, and resolves to its result and the errors that it left uncaught. */
  async collect<T>(work: () => Promise<T>): Promise<Collected<T>> {
    const uncaught: UncaughtError[] = [];
    const result = await this.scope.run(uncaught, work);
    await turn(); // Node.js reports a rejection as unhandled at the end of its turn
    return { result, uncaught };
  }
}
