/** A worker of a shared crawl, in a process of its own. FRONTIER_TASK says which (machine.ts). */
import { isOnLoopback, isPublic } from "../../discovery/call-rules";
import { discover } from "../../discovery/discover";
import { ServerConnection } from "../server-connection";
import { joinCrawl } from "../join";
import type { MachineTask } from "../machine";
import { RedisFrontier } from "../redis-frontier";

async function main({ url, crawl, name, concurrency, network }: MachineTask): Promise<void> {
  const connection = new ServerConnection(url, crawl);
  const joined = await joinCrawl(connection, name, { network });
  const frontier = new RedisFrontier(connection, joined, { concurrency, worker: name });
  const stop = new AbortController();
  process.once("disconnect", () => stop.abort()); // asked to leave, or the process that started this is gone
  const { maxAddresses, maxPerGroup } = joined.settings;
  const mayCall = network === "practice" ? isOnLoopback : isPublic;
  const options = { frontier, mayCall, maxAddresses, maxPerGroup, signal: stop.signal };
  for await (const _ of discover([], concurrency, options)) {
    // the frontier delivers each visit
  }
  await frontier.close();
}

main(JSON.parse(process.env.FRONTIER_TASK!) as MachineTask).then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
