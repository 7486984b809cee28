/**
 * What runs in a thread or process of a crawl: `crawl()` over the addresses that it is handed, without end.
 *
 * Visits go out in batches, all those that are over in one turn of the event loop: a message a visit
 * would cost more than the visit.
 */
import type { AddressTuple } from "../../peer/address";
import { crawl } from "../../crawl/crawl";
import { packVisit, type PackedVisit } from "../packed-visit";
import { FromCrawler, ToCrawler } from "../crawl-messages";
import { onMessage, postMessage } from "./parent-port";

const handed: AddressTuple[] = [];
let wake = (): void => {};

onMessage((message) => {
  const order = message as ToCrawler;
  if ("concurrency" in order) {
    void work(order);
    return;
  }
  handed.push(...order.addresses);
  wake();
});
tell({ ready: true });

async function work(options: { concurrency: number; timeoutMs?: number }): Promise<void> {
  try {
    for await (const visit of crawl(addresses, options)) report(packVisit(visit));
  } catch (error) {
    tell({ problem: (error as Error).message });
  }
}

type Next = IteratorResult<AddressTuple>;

/** The next address that has come in: at once if there is one, since a promise each would cost a turn of the event loop each. */
function next(): Next | Promise<Next> {
  const value = handed.shift();
  if (value) return { done: false, value };
  return new Promise((resolve) => {
    wake = () => {
      wake = () => {};
      resolve(next());
    };
  });
}

/** The addresses that come in, as they come in. */
export const addresses = { [Symbol.asyncIterator]: () => ({ next }) } as AsyncIterable<AddressTuple>;

let batch: PackedVisit[] = [];

function report(visit: PackedVisit): void {
  if (batch.push(visit) === 1) setImmediate(sendBatch);
}

function sendBatch(): void {
  tell({ visits: batch });
  batch = [];
}

function tell(message: FromCrawler): void {
  postMessage(message);
}
