/**
 * The script of a worker in a crawl pool: runs `crawl()` over the addresses that it receives, until it is
 * ended.
 *
 * Visits are sent in batches, all that are over in one turn of the event loop: a message per visit would
 * cost more than the visit.
 */
import type { AddressTuple } from "../../peer/address";
import { ProxyError } from "../../peer/proxy";
import { crawl } from "../../crawl/crawl";
import { packVisit, type PackedVisit } from "../packed-visit";
import type { WorkerSettings, FromCrawler, ToCrawler } from "../crawl-messages";
import { onMessage, postMessage } from "./parent-port";

/** Addresses received and not taken. */
const received: AddressTuple[] = [];
/** The same as an iterable, which has no end. */
const addresses = { [Symbol.asyncIterator]: () => ({ next }) } as AsyncIterable<AddressTuple>;
/** Visits that are over and not sent. */
let batch: PackedVisit[] = [];
let notify = (): void => {};

onMessage((data) => {
  const message = data as ToCrawler;
  if ("concurrency" in message) {
    void crawlReceived(message);
  } else {
    // There may be more of them than a call takes arguments.
    for (const address of message.addresses) received.push(address);
    notify();
  }
});
postMessage({ ready: true } satisfies FromCrawler);

async function crawlReceived(settings: WorkerSettings): Promise<void> {
  try {
    for await (const visit of crawl(addresses, settings)) report(packVisit(visit));
  } catch (error) {
    const isProxy = error instanceof ProxyError;
    postMessage({ problem: (error as Error).message, isProxy } satisfies FromCrawler);
  }
}

type Next = IteratorResult<AddressTuple>;

/**
 * Returns the next address, and a promise of it only if it has not arrived: with a promise for each address,
 * `crawl()` would start one visit per turn of the event loop.
 */
function next(): Next | Promise<Next> {
  const value = received.shift();
  if (value) return { done: false, value };
  return new Promise((resolve) => {
    notify = () => {
      notify = () => {};
      resolve(next());
    };
  });
}

function report(visit: PackedVisit): void {
  if (batch.push(visit) === 1) setImmediate(sendBatch);
}

function sendBatch(): void {
  postMessage({ visits: batch } satisfies FromCrawler);
  batch = [];
}
